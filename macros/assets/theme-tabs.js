// From the theme, Material for MkDocs: Copyright (c) 2016-2025 Martin Donath, MIT licence.
// It stands inline there; here it is a file, so that no page needs a script of its own and the policy can forbid them all.
var tabs=__md_get("__tabs");if(Array.isArray(tabs))e:for(var set of document.querySelectorAll(".tabbed-set")){var labels=set.querySelector(".tabbed-labels");for(var tab of tabs)for(var label of labels.getElementsByTagName("label"))if(label.innerText.trim()===tab){var input=document.getElementById(label.htmlFor);input.checked=!0;continue e}}
