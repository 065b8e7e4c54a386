"use strict";
(function () {
  const byId = (id) => document.getElementById(id);
  const cards = Array.from(document.querySelectorAll("#cards .card"));
  const sealed = byId("sealed");
  const store = "darkfigure-practise-" + sealed.dataset.round;
  const KEYS = { m: "match", n: "no match", u: "unsure" };
  const PANELS = ["start", "review", "results"];
  const MINUS = "\u2013";

  let round = restore() || fresh();
  let key = null;
  let since = 0;
  let spent = 0;

  function fresh() {
    return { reviewer: "", hints: false, keys: true, place: 0, finished: false, answers: {} };
  }

  // Some browsers keep nothing for a page from disk; then the round lasts while it is open.
  function restore() {
    try {
      const kept = JSON.parse(localStorage.getItem(store));
      return kept && typeof kept.answers === "object" ? kept : null;
    } catch {
      return null;
    }
  }

  function keep() {
    try {
      localStorage.setItem(store, JSON.stringify(round));
    } catch {
      return;
    }
  }

  // The same numbers scramble and unscramble: Marsaglia's xorshift32.
  function unseal() {
    const bytes = Uint8Array.from(atob(sealed.textContent.trim()), (c) => c.charCodeAt(0));
    let state = Number(sealed.dataset.key);
    for (let i = 0; i < bytes.length; i += 1) {
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      bytes[i] ^= state & 255;
    }
    return JSON.parse(new TextDecoder().decode(bytes));
  }

  function open(panel) {
    for (const name of PANELS) {
      byId(name).hidden = name !== panel;
    }
    document.documentElement.dataset.panel = panel;
  }

  function make(tag, text, className) {
    const made = document.createElement(tag);
    if (text !== undefined) {
      made.textContent = text;
    }
    if (className) {
      made.className = className;
    }
    return made;
  }

  // Judging.

  function answerOf(place) {
    return round.answers[cards[place].dataset.number];
  }

  function countAnswered() {
    return Object.keys(round.answers).length;
  }

  function show(place) {
    round.place = place;
    cards.forEach((card, i) => {
      card.hidden = i !== place;
    });
    const given = answerOf(place);
    byId("pair-title").textContent = "Pair " + (place + 1) + " of " + cards.length;
    for (const button of document.querySelectorAll(".answer")) {
      button.setAttribute("aria-pressed", String(given?.answer === button.dataset.answer));
    }
    byId("back").disabled = place === 0;
    byId("forward").disabled = place === cards.length - 1;
    byId("finish").disabled = countAnswered() === 0;
    byId("answered").textContent = countAnswered();
    byId("progress").value = countAnswered();
    document.body.classList.toggle("hints", round.hints);
    byId("hints").checked = round.hints;
    spent = 0;
    since = performance.now();
    keep();
  }

  function turnTo(place) {
    show(place);
    byId("pair-title").focus({ preventScroll: true });
  }

  function review() {
    open("review");
    turnTo(round.place);
  }

  function seconds() {
    return (spent + (document.hidden ? 0 : performance.now() - since)) / 1000;
  }

  function pause() {
    if (document.hidden) {
      spent += performance.now() - since;
    } else {
      since = performance.now();
    }
  }

  function answer(what) {
    const before = answerOf(round.place);
    const took = (before ? before.seconds : 0) + seconds();
    round.answers[cards[round.place].dataset.number] = {
      answer: what,
      seconds: Math.round(took * 10) / 10,
      hints: round.hints || Boolean(before?.hints),
    };
    byId("status").textContent = "Pair " + (round.place + 1) + ": " + what + ".";
    const next = nextOpen(round.place);
    if (next === undefined) {
      finish();
    } else {
      turnTo(next);
    }
  }

  // Forward to the next pair; at the end back to the first that was left out.
  function nextOpen(place) {
    if (countAnswered() === cards.length) {
      return undefined;
    }
    if (place + 1 < cards.length) {
      return place + 1;
    }
    return cards.findIndex((_, i) => !answerOf(i));
  }

  function move(step) {
    const place = round.place + step;
    if (place >= 0 && place < cards.length) {
      turnTo(place);
    }
  }

  function setHints(on) {
    round.hints = on;
    document.body.classList.toggle("hints", on);
    byId("hints").checked = on;
    keep();
  }

  function press(event) {
    const busy = event.target.closest("input[type=text], select");
    if (byId("review").hidden || busy || event.ctrlKey || event.metaKey || event.altKey) {
      return;
    }
    const pressed = event.key.toLowerCase();
    if (event.key === "ArrowLeft") {
      move(-1);
    } else if (event.key === "ArrowRight") {
      move(1);
    } else if (round.keys && KEYS[pressed] && !event.repeat) {
      answer(KEYS[pressed]);
    } else if (round.keys && pressed === "h") {
      setHints(!round.hints);
    }
  }

  // Scoring.

  function finish() {
    if (countAnswered() > 0) {
      round.finished = true;
      keep();
      results();
    }
  }

  function answeredRows() {
    return cards.flatMap((card, i) => {
      const given = answerOf(i);
      return given ? [{ card: card, number: i + 1, given: given, truth: key.pairs[i] }] : [];
    });
  }

  const mine = (row) => ({ match: true, "no match": false }[row.given.answer]);
  const method = (place) => (row) => row.truth.linked[place];

  function score(rows, said) {
    const n = (match, verdict) =>
      rows.filter((row) => row.truth.match === match && said(row) === verdict).length;
    const matches = rows.filter((row) => row.truth.match).length;
    const found = n(true, true);
    const falsely = n(false, true);
    const ruledOut = n(false, false);
    return {
      sensitivity: [found, matches],
      specificity: [ruledOut, rows.length - matches],
      precision: [found, found + falsely],
      right: [found + ruledOut, rows.length],
    };
  }

  // Wilson (1927), at 95 %.
  function interval(k, n) {
    const z = 1.96;
    const p = k / n;
    const middle = (p + (z * z) / (2 * n)) / (1 + (z * z) / n);
    const half = (z * Math.sqrt((p * (1 - p)) / n + (z * z) / (4 * n * n))) / (1 + (z * z) / n);
    return [Math.max(0, middle - half), Math.min(1, middle + half)];
  }

  function percent(share) {
    return Math.round(100 * share);
  }

  function ratio(counts) {
    const [k, n] = counts;
    const cell = make("td", n ? k + " of " + n : MINUS, "number");
    if (n) {
      const [low, high] = interval(k, n);
      const aside = percent(k / n) + "\u00a0% (" + percent(low) + MINUS + percent(high) + ")";
      cell.append(make("small", aside));
    }
    return cell;
  }

  function median(numbers) {
    const sorted = [...numbers].sort((a, b) => a - b);
    const half = sorted.length >> 1;
    return sorted.length % 2 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
  }

  function heading(rows, own) {
    const falsely = own.precision[1] - own.precision[0];
    const matches = falsely === 1 ? "match" : "matches";
    return "You found " + own.sensitivity[0] + " of " + own.sensitivity[1] + " true pairs and made "
      + (falsely || "no") + " false " + matches;
  }

  function tile(figure, name, aside) {
    const made = make("li");
    made.append(make("span", figure, "figure"), make("span", name), make("small", aside));
    return made;
  }

  function share(counts) {
    return counts[1] ? percent(counts[0] / counts[1]) + "\u00a0%" : MINUS;
  }

  function tiles(rows, own) {
    const unsure = rows.filter((row) => row.given.answer === "unsure").length;
    const pace = median(rows.map((row) => row.given.seconds));
    const all = rows.length + " of " + cards.length + " pairs answered, " + unsure + " unsure";
    byId("tiles").replaceChildren(
      tile(share(own.sensitivity), "sensitivity", own.sensitivity.join(" of ") + " true pairs"),
      tile(share(own.specificity), "specificity", own.specificity.join(" of ") + " others"),
      tile(share(own.precision), "precision", own.precision.join(" of ") + " called a match"),
      tile(pace.toFixed(1) + "\u00a0s", "per pair (median)", all),
    );
  }

  function against(rows) {
    const who = [["You", mine], ...key.linkers.map((name, i) => [name, method(i)])];
    const shown = who.filter((_, i) => i === 0 || !key.failures[i - 1]);
    const lines = shown.map(([name, said]) => {
      const line = make("tr");
      const scored = score(rows, said);
      const head = make("th", name);
      head.scope = "row";
      line.append(head, ratio(scored.sensitivity), ratio(scored.specificity),
        ratio(scored.precision), ratio(scored.right));
      return line;
    });
    document.querySelector("#against tbody").replaceChildren(...lines);
  }

  function kinds(rows) {
    const names = [...new Set(rows.map((row) => row.truth.kind))].sort();
    const lines = names.map((name) => {
      const some = rows.filter((row) => row.truth.kind === name);
      const line = make("tr");
      const head = make("th", name);
      head.scope = "row";
      const right = (said) => some.filter((row) => said(row) === row.truth.match).length;
      line.append(head, make("td", some.length, "number"), make("td", right(mine), "number"));
      key.linkers.forEach((_, i) => {
        line.append(make("td", key.failures[i] ? MINUS : right(method(i)), "number"));
      });
      return line;
    });
    document.querySelector("#kinds tbody").replaceChildren(...lines);
  }

  function outcome(row) {
    if (row.given.answer === "unsure") {
      return "unsure";
    }
    return mine(row) === row.truth.match ? "right" : "wrong";
  }

  const words = (match) => (match ? "match" : "no match");

  function explained(row) {
    const found = outcome(row);
    const made = make("details", undefined, "explained");
    made.dataset.outcome = found;
    const summary = make("summary", "Pair " + row.number + ": you said " + row.given.answer + ", ");
    const verdict = "truth is " + words(row.truth.match) + (found === "wrong" ? ", wrong" : "");
    summary.append(make("span", verdict, found));
    made.append(summary, make("p", row.truth.verdict, "said"));
    const reasons = make("ul");
    reasons.append(...row.truth.reasons.map((reason) => make("li", reason)));
    const said = key.linkers.flatMap((name, i) =>
      key.failures[i] ? [] : [name + " said " + words(row.truth.linked[i])]);
    const table = make("div", undefined, "scroll");
    table.tabIndex = 0;
    table.setAttribute("role", "region");
    table.setAttribute("aria-label", "Pair " + row.number);
    const copy = row.card.cloneNode(true);
    copy.hidden = false;
    table.append(copy);
    made.append(reasons, make("p", said.join("; ") + ".", "note"), table);
    return made;
  }

  function filter() {
    const wanted = byId("filter").value;
    for (const each of document.querySelectorAll(".explained")) {
      each.hidden = wanted !== "all" && each.dataset.outcome !== wanted;
    }
  }

  function results() {
    key = key || unseal();
    const rows = answeredRows();
    const own = score(rows, mine);
    byId("results-title").textContent = heading(rows, own);
    tiles(rows, own);
    against(rows);
    kinds(rows);
    byId("explained").replaceChildren(...rows.map(explained));
    filter();
    open("results");
    window.scrollTo(0, 0);
    byId("results-title").focus({ preventScroll: true });
  }

  // Saving.

  function record(row) {
    const said = {};
    key.linkers.forEach((name, i) => {
      said[name] = key.failures[i] ? "" : words(row.truth.linked[i]);
    });
    return {
      pair: row.number,
      left_id: row.card.dataset.left,
      right_id: row.card.dataset.right,
      answer: row.given.answer,
      truth: words(row.truth.match),
      outcome: outcome(row),
      seconds: row.given.seconds,
      hints: row.given.hints,
      kind: row.truth.kind,
      faults: row.truth.faults.join("; "),
      ...Object.fromEntries(Object.entries(row.truth.groups).map(([k, v]) => ["group: " + k, v])),
      ...said,
    };
  }

  // What was written, for a page on which a class looks at its pairs again.
  function fields(card) {
    return Array.from(card.querySelectorAll("tbody tr")).map((line) => {
      const cells = line.querySelectorAll("th, td.written");
      return Array.from(cells).map((cell) => {
        // Neither what a code means nor "nothing written" was written.
        const copy = cell.cloneNode(true);
        copy.querySelectorAll("small, .nothing").forEach((said) => said.remove());
        return copy.textContent.trim();
      });
    });
  }

  function quote(value) {
    const text = String(value);
    // A spreadsheet would take these for formulas.
    const safe = /^[=+\-@\t\r]/.test(text) ? "'" + text : text;
    return /[",\n]/.test(safe) ? '"' + safe.replaceAll('"', '""') + '"' : safe;
  }

  function csv() {
    const records = answeredRows().map(record);
    const names = ["reviewer", "round", ...Object.keys(records[0])];
    const lines = records.map((one) =>
      [round.reviewer, sealed.dataset.round, ...Object.values(one)].map(quote).join(","));
    return "\ufeff" + [names.map(quote).join(","), ...lines].join("\r\n") + "\r\n";
  }

  function json() {
    const rows = answeredRows();
    const said = { reviewer: round.reviewer, ...sealed.dataset, pairs: cards.length };
    delete said.key;
    const answers = rows.map((row) => ({ ...record(row), fields: fields(row.card) }));
    return JSON.stringify({ ...said, score: score(rows, mine), answers: answers }, null, 2);
  }

  function save(text, type, ending) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type: type }));
    link.download = "answers-" + sealed.dataset.round + ending;
    link.click();
    URL.revokeObjectURL(link.href);
  }

  function again() {
    const settings = { reviewer: round.reviewer, hints: round.hints, keys: round.keys };
    round = { ...fresh(), ...settings };
    keep();
    start();
  }

  function start() {
    byId("reviewer").value = round.reviewer;
    byId("keys-on").checked = round.keys;
    byId("begin").textContent = countAnswered() ? "Go on where you left off" : "Start";
    open("start");
  }

  byId("begin").addEventListener("click", () => {
    round.reviewer = byId("reviewer").value.trim();
    round.keys = byId("keys-on").checked;
    review();
  });
  for (const button of document.querySelectorAll(".answer")) {
    button.addEventListener("click", () => answer(button.dataset.answer));
  }
  byId("back").addEventListener("click", () => move(-1));
  byId("forward").addEventListener("click", () => move(1));
  byId("finish").addEventListener("click", finish);
  byId("hints").addEventListener("change", (event) => setHints(event.target.checked));
  byId("filter").addEventListener("change", filter);
  byId("save-csv").addEventListener("click", () => save(csv(), "text/csv", ".csv"));
  byId("save-json").addEventListener("click", () => save(json(), "application/json", ".json"));
  byId("print").addEventListener("click", () => window.print());
  byId("again").addEventListener("click", again);
  document.addEventListener("keydown", press);
  document.addEventListener("visibilitychange", pause);

  if (round.finished) {
    results();
  } else {
    start();
  }
  document.documentElement.dataset.drawn = "yes";
})();
