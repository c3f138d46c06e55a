"""The same facts as Markdown. Links are written from the root of the documents; nothing here knows a page or its host."""
