// From the theme, Material for MkDocs: Copyright (c) 2016-2025 Martin Donath, MIT licence.
// It stands inline there; here it is a file, so that no page needs a script of its own and the policy can forbid them all.
var target=document.getElementById(location.hash.slice(1));target&&target.name&&(target.checked=target.name.startsWith("__tabbed_"))
