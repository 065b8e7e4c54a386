"use strict";
(function () {
  const charts = Array.from(document.querySelectorAll("figure .chart"));

  function draw(place) {
    const spec = JSON.parse(place.parentElement.querySelector("script.spec").textContent);
    const options = { mode: "vega-lite", renderer: "svg", actions: false, ast: true };
    return vegaEmbed(place, spec, options).catch(function (error) {
      place.textContent = "The chart could not be drawn; its numbers are in the table beneath.";
      console.error(error);
    });
  }

  // The value of a cell that says no other is its text.
  function plain(cell) {
    return cell.dataset.value || cell.textContent.trim();
  }

  // Numbers go by size, words by the alphabet, and rows without the cell to the end.
  function compare(a, b, sign) {
    if (a === undefined || b === undefined) {
      return (a === undefined) - (b === undefined);
    }
    const difference = Number(a) - Number(b);
    return sign * (Number.isNaN(difference) ? a.localeCompare(b, "en-GB") : difference);
  }

  function sortKey(row, column) {
    const cell = row.cells[column];
    const unknown = !cell || cell.colSpan > 1 || cell.dataset.value === undefined;
    return unknown ? undefined : plain(cell);
  }

  function sort(table, heading) {
    // Numbers start with the largest, words with the first.
    const now = heading.getAttribute("aria-sort");
    const down = now ? now === "ascending" : heading.classList.contains("number");
    const body = table.tBodies[0];
    const rows = Array.from(body.rows);
    for (const other of table.tHead.rows[0].cells) {
      other.removeAttribute("aria-sort");
    }
    heading.setAttribute("aria-sort", down ? "descending" : "ascending");
    const column = heading.cellIndex;
    rows.sort((a, b) => compare(sortKey(a, column), sortKey(b, column), down ? -1 : 1));
    body.append(...rows);
  }

  function makeSortable(table) {
    for (const heading of table.tHead.rows[0].cells) {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...heading.childNodes);
      heading.append(button);
      button.addEventListener("click", () => sort(table, heading));
    }
  }

  function quote(text) {
    return /[",\n]/.test(text) ? '"' + text.replaceAll('"', '""') + '"' : text;
  }

  // A share with an interval becomes three columns.
  function csv(table) {
    const heads = Array.from(table.tHead.rows[0].cells);
    const rows = Array.from(table.tBodies[0].rows);
    const wide = heads.map((_, i) => rows.some((row) => row.cells[i]?.dataset.low !== undefined));
    const lines = [heads.flatMap((head, i) => widen(unmarked(head), wide[i]))];
    for (const row of rows) {
      const line = Array.from(row.cells).flatMap((cell, i) =>
        wide[i] ? [plain(cell), cell.dataset.low ?? "", cell.dataset.high ?? ""] : [plain(cell)],
      );
      // A cell that spans the row leaves the other columns empty.
      lines.push(lines[0].map((_, i) => line[i] ?? ""));
    }
    return lines.map((line) => line.map(quote).join(",")).join("\r\n") + "\r\n";
  }

  // The arrow at a heading says which way is better; a column of numbers is called by its name.
  function unmarked(head) {
    return head.textContent.trim().replace(/\u00a0[\u2191\u2193]$/, "");
  }

  function widen(name, wide) {
    return wide ? [name, name + " low", name + " high"] : [name];
  }

  function offerCsv(table) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "download";
    button.textContent = "Download as CSV";
    button.setAttribute("aria-label", "Download as CSV: " + table.caption.textContent);
    button.addEventListener("click", () => {
      // The mark at the start makes spreadsheets read the file as UTF-8.
      const blob = new Blob(["\ufeff" + csv(table)], { type: "text/csv" });
      const link = document.createElement("a");
      link.href = URL.createObjectURL(blob);
      link.download = table.dataset.name + ".csv";
      link.click();
      URL.revokeObjectURL(link.href);
    });
    table.parentElement.after(button);
  }

  // Examples of the chosen causes and groups; the first of each kind where nothing is chosen.
  function choose(box) {
    const wanted = Array.from(box.querySelectorAll("select"), (one) => one.value).filter(Boolean);
    const pairs = Array.from(box.parentElement.querySelectorAll(".example"));
    let shown = 0;
    for (const pair of pairs) {
      const marks = pair.dataset.marks.split("|");
      const first = Number(pair.dataset.place) < Number(box.dataset.first);
      pair.hidden = wanted.length ? !wanted.every((one) => marks.includes(one)) : !first;
      shown += !pair.hidden;
    }
    for (const group of box.parentElement.querySelectorAll("details.pairs")) {
      const n = group.querySelectorAll(".example:not([hidden])").length;
      group.querySelector("summary .shown").textContent = n;
      group.open = group.open || (wanted.length > 0 && n > 0);
    }
    box.querySelector("[role=status]").textContent = wanted.length
      ? shown + " of " + pairs.length + " pairs are of what you chose."
      : "The first " + box.dataset.first + " of each kind; choose a cause or a group to see others.";
  }

  for (const box of document.querySelectorAll(".choose")) {
    box.addEventListener("change", () => choose(box));
    choose(box);
  }
  for (const table of document.querySelectorAll("table.sortable")) {
    makeSortable(table);
    offerCsv(table);
  }
  Promise.all(charts.map(draw)).then(() => {
    document.documentElement.dataset.drawn = "yes";
  });
})();
