"""The content security policy of every page: what a browser may run and load, whatever a page holds.

It is written into each page, since the site must be as strict where it is opened from a disk as on any server.
"""

from __future__ import annotations

from collections.abc import Iterable

from macros.live.allowed import can_add_host


def policy(image_hosts: Iterable[str] = ()) -> str:
    """The policy as it stands in a page.

    Args:
        image_hosts: Hosts from which the organisation allows images.
    """
    images = " ".join(["'self'", "data:", *(f"https://{host}" for host in sorted(image_hosts) if can_add_host(host))])
    return "; ".join(
        [
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            f"img-src {images}",
            "font-src 'self'",
            "connect-src 'self'",
            "media-src 'self'",
            "worker-src 'self'",
            "frame-src 'none'",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'none'",
        ]
    )
