"use strict";
(() => {
  const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const rows = Array.from(document.querySelectorAll("tbody tr"));
  const known = new Map(rows.map((row) => [row, plain(row.textContent)]));
  const compare = new Intl.Collator(document.documentElement.lang, { numeric: true }).compare;
  const words = document.getElementById("words");
  const person = document.getElementById("person");

  const value = (row, column) => {
    const cell = row.cells[column];
    return cell.dataset.sort ?? cell.textContent;
  };

  const sort = (head) => {
    const table = head.closest("table");
    const column = head.cellIndex;
    const number = head.classList.contains("number");
    const now = head.getAttribute("aria-sort");
    const descending = now ? now === "ascending" : number;
    for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", descending ? "descending" : "ascending");
    const sign = descending ? -1 : 1;
    const body = table.tBodies[0];
    const order = Array.from(body.rows);
    order.sort((a, b) => {
      const left = value(a, column), right = value(b, column);
      return sign * (number ? Number(left) - Number(right) : compare(left, right));
    });
    body.append(...order);
  };

  const filter = () => {
    const wanted = plain(words.value).split(/\s+/).filter(Boolean);
    for (const row of rows) {
      const whose = !person.value || !row.dataset.person || row.dataset.person === person.value;
      row.hidden = !(whose && wanted.every((word) => known.get(row).includes(word)));
    }
    for (const status of document.querySelectorAll(".shown")) {
      const every = Array.from(status.parentElement.querySelectorAll("tbody tr"));
      const shown = every.filter((row) => !row.hidden).length;
      status.textContent = status.dataset.said.replace("{shown}", shown).replace("{count}", every.length);
    }
  };

  for (const head of document.querySelectorAll("thead th")) {
    head.firstElementChild.addEventListener("click", () => sort(head));
  }
  words.addEventListener("input", filter);
  person.addEventListener("change", filter);
  document.getElementById("filters").addEventListener("submit", (event) => event.preventDefault());
  filter();
})();
