// Small behaviours of every page. No text for people stands here; texts come from the page's attributes.
(() => {
  "use strict";

  const all = (selector, root = document) => Array.from(root.querySelectorAll(selector));

  // Row selection: the head box, the counter and the bar of actions belong to the nearest form or card.
  const refreshSelection = (scope) => {
    const boxes = all("[data-select]", scope);
    const chosen = boxes.filter((box) => box.checked);
    boxes.forEach((box) => box.closest("tr")?.classList.toggle("mc-picked", box.checked));
    all("[data-select-all]", scope).forEach((head) => {
      head.checked = boxes.length > 0 && chosen.length === boxes.length;
      head.indeterminate = chosen.length > 0 && chosen.length < boxes.length;
    });
    all("[data-bulk]", scope).forEach((bar) => { bar.hidden = chosen.length === 0; });
    all("[data-bulk-count]", scope).forEach((place) => { place.textContent = chosen.length.toLocaleString("en"); });
  };
  const scopeOf = (box) => box.closest("form, .mc-card") || document;

  document.addEventListener("change", ({ target }) => {
    if (target.matches("[data-select-all]")) {
      all("[data-select]", scopeOf(target)).forEach((box) => { box.checked = target.checked; });
      refreshSelection(scopeOf(target));
    } else if (target.matches("[data-select]")) {
      refreshSelection(scopeOf(target));
    } else if (target.matches("[data-drop] input[type=file]")) {
      const names = target.closest("[data-drop]").querySelector("[data-drop-names]");
      names.textContent = Array.from(target.files, (file) => file.name).join(", ");
    } else if (target.matches("[data-submit-on-change]")) {
      target.form.requestSubmit();
    }
  });

  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-dialog-open]");
    if (opener) document.getElementById(opener.dataset.dialogOpen)?.showModal();
    const closer = event.target.closest("[data-dialog-close]");
    if (closer) closer.closest("dialog").close();
    if (event.target.closest("[data-dismiss-note]")) event.target.closest(".mc-note").remove();
    if (event.target.closest("[data-print]")) window.print();
    all("details[data-multi][open]").forEach((list) => { if (!list.contains(event.target)) list.open = false; });
  });

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") all("details[data-multi][open]").forEach((list) => { list.open = false; });
    const typing = event.target.closest?.("input, textarea, select, [contenteditable]");
    if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
    const box = document.getElementById("search");
    if (box) { event.preventDefault(); box.focus(); box.select(); }
  });

  for (const [name, over] of [["dragenter", true], ["dragleave", false], ["drop", false]]) {
    document.addEventListener(name, (event) => event.target.closest?.("[data-drop]")?.classList.toggle("mc-over", over));
  }

  // Parts of a whole: what is given and what is left stand below the fields, counted in thousandths.
  document.addEventListener("input", ({ target }) => {
    if (!target.matches("[data-part]")) return;
    const form = target.form;
    const milli = (text) => Math.round(Number(text.replaceAll(",", "")) * 1000) || 0;
    const given = all("[data-part]", form).reduce((sum, field) => sum + milli(field.value), 0);
    const write = (place, value) => { form.querySelector(place).textContent = (value / 1000).toLocaleString("en", { maximumFractionDigits: 3 }); };
    write("[data-sum-given]", given);
    write("[data-sum-rest]", milli(form.dataset.sum) - given);
  });

  // Phone cards: each cell carries the heading of its column.
  const labelCells = (root) => all("table.mc-cards", root).forEach((table) => {
    const heads = Array.from(table.tHead?.rows[0]?.cells || []);
    const titles = heads.map((head) => head.textContent.trim());
    const first = heads.findIndex((head) => !head.classList.contains("mc-pick"));
    all("tbody tr, tfoot tr", table).forEach((row) => {
      if (row.cells.length !== heads.length) return;
      Array.from(row.cells).forEach((cell, at) => {
        if (!cell.classList.contains("mc-pick")) cell.dataset.label = titles[at];
        cell.classList.toggle("mc-first", at === first);
        const text = cell.textContent.trim();
        const empty = !text || (text === "—" && cell.classList.contains("num"));
        cell.classList.toggle("mc-blank", empty && !cell.querySelector("input, button"));
      });
    });
    table.classList.add("mc-labelled");
  });

  // Filter panels: open on a desk until the reader folds them, folded on a phone.
  const desk = window.matchMedia("(min-width: 992px)");
  let unfolded = true;
  const openWide = (root) => all("details[data-open-wide]", root).forEach((box) => { box.open = desk.matches && unfolded; });
  document.addEventListener("toggle", ({ target }) => {
    if (desk.matches && target.matches?.("details[data-open-wide]")) unfolded = target.open;
  }, true);

  // A table wider than its box says so, above it and at its edge.
  const markWide = (box) => {
    const hidden = box.scrollWidth - box.clientWidth;
    const note = box.previousElementSibling?.matches(".mc-sideways") ? box.previousElementSibling : null;
    box.classList.toggle("mc-more-right", hidden > 4 && box.scrollLeft < hidden - 4);
    if (hidden > 4 && !note) {
      const words = document.createElement("p");
      words.className = "mc-sideways";
      words.textContent = document.body.dataset.sideways;
      box.before(words);
    } else if (hidden <= 4 && note) note.remove();
  };
  document.addEventListener("scroll", ({ target }) => { if (target.matches?.(".mc-table-box")) markWide(target); }, true);
  window.addEventListener("resize", () => all(".mc-table-box").forEach(markWide));

  const toast = (text) => {
    const note = document.createElement("div");
    note.className = "mc-note mc-bad";
    note.setAttribute("role", "alert");
    const words = document.createElement("div");
    words.textContent = text;
    note.append(words);
    document.getElementById("toasts")?.append(note);
    window.setTimeout(() => note.remove(), 8000);
  };

  const prepare = (root) => {
    openWide(root);
    labelCells(root);
    all(".mc-table-box", root).forEach(markWide);
    all(".mc-tabs a[aria-current]", root).forEach((tab) => { tab.parentElement.scrollLeft = tab.offsetLeft - tab.parentElement.offsetLeft - 40; });
    new Set(all("[data-select]", root).map(scopeOf)).forEach(refreshSelection);
    window.mingchanCharts?.(root);
  };

  prepare(document);
  document.addEventListener("htmx:load", (event) => prepare(event.detail.elt.parentElement || document));
  document.addEventListener("htmx:sendError", () => toast(document.body.dataset.failed));
  document.addEventListener("htmx:responseError", (event) => {
    const status = event.detail.xhr.status;
    toast(status === 401 || status === 403 ? document.body.dataset.refused : document.body.dataset.failed);
  });
})();
