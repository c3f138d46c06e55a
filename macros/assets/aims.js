// A filter above every long table that asks for one. Without scripts the whole table is there.
document.addEventListener("DOMContentLoaded", () => {
  document.querySelectorAll(".aims-table--filter").forEach((block, number) => {
    const rows = [...block.querySelectorAll("tbody tr")]
    if (rows.length < 8) return
    const bar = document.createElement("div")
    const label = document.createElement("label")
    const input = document.createElement("input")
    const count = document.createElement("span")
    bar.className = "aims-filter"
    input.type = "search"
    input.id = `aims-filter-${number}`
    label.htmlFor = input.id
    label.textContent = "Filter"
    count.setAttribute("role", "status")
    const show = () => {
      const words = input.value.toLowerCase().split(/\s+/).filter(Boolean)
      let seen = 0
      rows.forEach((row) => {
        const text = row.textContent.toLowerCase()
        row.hidden = !words.every((word) => text.includes(word))
        if (!row.hidden) seen += 1
      })
      count.textContent = `${seen} of ${rows.length}`
    }
    input.addEventListener("input", show)
    bar.append(label, input, count)
    block.before(bar)
    show()
  })
})
