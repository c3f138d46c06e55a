"""The ways out for text: one encoder for each context in which it is read.

| Where the text goes | Encoder |
|---|---|
| Markdown of a page, a table cell, a link's target, a link to the web | `markdown.plain`, `markdown.target`, `markdown.address` |
| Markdown of a comment on a forge, a report that is sent | `markdown.quoted` |
| text or an attribute of HTML | `html.text`, `html.attribute` |
| front matter of a generated page | `front_matter.front_matter` |
| a line on a terminal or in the log of a job | `terminal.line`, `terminal.lines` |
| an annotation of GitHub | `terminal.annotation`, `terminal.property` |
| JSON | `data.as_json` |
| a cell of a spreadsheet | `data.cell` |
"""
