// A filter above every long table that asks for one: words, and a choice for each column that holds only a few badges.
// Without scripts the whole table is there.
document.addEventListener("DOMContentLoaded", () => {
  document.querySelectorAll(".aims-table--filter").forEach((block, number) => {
    const rows = [...block.querySelectorAll("tbody tr")]
    if (rows.length < 8) return
    const bar = document.createElement("div")
    const input = document.createElement("input")
    const count = document.createElement("span")
    const choices = []
    bar.className = "aims-filter"
    bar.setAttribute("role", "search")
    input.type = "search"
    const labelled = (control, id, text) => {
      const label = document.createElement("label")
      control.id = id
      label.htmlFor = id
      label.textContent = text
      bar.append(label, control)
    }
    labelled(input, `aims-filter-${number}`, "Filter")
    block.querySelectorAll("thead th").forEach((heading, column) => {
      const words = new Set()
      rows.forEach((row) => row.cells[column]?.querySelectorAll(".aims-badge").forEach((badge) => words.add(badge.textContent)))
      if (words.size < 2 || words.size > 9) return
      const choice = document.createElement("select")
      choice.append(new Option("any", ""), ...[...words].sort().map((word) => new Option(word, word)))
      labelled(choice, `aims-choice-${number}-${column}`, heading.textContent)
      choices.push([choice, column])
    })
    count.setAttribute("role", "status")
    bar.append(count)
    const fits = (row) => {
      const text = row.textContent.toLowerCase()
      return input.value.toLowerCase().split(/\s+/).every((word) => text.includes(word)) &&
        choices.every(([choice, column]) => !choice.value || [...row.cells[column].querySelectorAll(".aims-badge")].some((badge) => badge.textContent === choice.value))
    }
    const show = () => {
      rows.forEach((row) => { row.hidden = !fits(row) })
      count.textContent = `${rows.filter((row) => !row.hidden).length} of ${rows.length}`
    }
    bar.addEventListener("input", show)
    block.before(bar)
    show()
  })
})
