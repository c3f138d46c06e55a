"""PyYAML's safe classes, out of libyaml where that is there: slower without it, and the same events, nodes and values."""

try:
    from yaml import CSafeDumper as SafeDumper
    from yaml import CSafeLoader as SafeLoader
except ImportError:
    from yaml import SafeDumper, SafeLoader

__all__ = ["SafeDumper", "SafeLoader"]
