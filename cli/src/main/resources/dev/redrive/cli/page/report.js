"use strict";
// The page is complete without this: it adds search, sorting and copying.
(function () {
  var rows = Array.prototype.slice.call(document.querySelectorAll(".rows tbody tr"));
  var groups = Array.prototype.slice.call(document.querySelectorAll(".group"));
  var left = document.getElementById("left");

  function element(tag, name, text) {
    var made = document.createElement(tag);
    made.className = name;
    made.textContent = text;
    return made;
  }

  function addSearch() {
    var box = element("section", "search", "");
    var label = element("label", "", "Find a delivery");
    var input = document.createElement("input");
    var found = element("span", "note", "");
    input.type = "search";
    input.id = "search";
    input.placeholder = "id, event, endpoint, cause";
    label.htmlFor = "search";
    found.setAttribute("role", "status");
    [label, input, found].forEach(function (part) { box.appendChild(part); });
    left.parentNode.insertBefore(box, left);
    var open = groups.map(function (group) { return group.open; });
    var texts = rows.map(function (row) {
      var title = row.closest(".group").querySelector("summary").textContent;
      return (row.textContent + " " + title).toLowerCase();
    });
    input.addEventListener("input", function () {
      var words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
      var count = 0;
      rows.forEach(function (row, i) {
        row.hidden = !words.every(function (word) { return texts[i].indexOf(word) >= 0; });
        count += row.hidden ? 0 : 1;
      });
      groups.forEach(function (group, i) {
        var hits = group.querySelectorAll("tbody tr:not([hidden])").length;
        group.hidden = words.length > 0 && hits === 0;
        group.open = words.length > 0 ? hits > 0 && hits <= 200 : open[i];
      });
      found.textContent = words.length === 0 ? "" : count + " of " + rows.length + " in this page";
    });
  }

  function value(row, column) {
    var cell = row.cells[column];
    var order = cell.getAttribute("data-order");
    return order === null ? cell.textContent : Number(order);
  }

  function addSorting(table) {
    var heads = Array.prototype.slice.call(table.tHead.rows[0].cells);
    heads.forEach(function (head, column) {
      var button = element("button", "", head.textContent);
      button.type = "button";
      head.textContent = "";
      head.appendChild(button);
      button.addEventListener("click", function () {
        var down = head.getAttribute("aria-sort") === "ascending";
        var body = table.tBodies[0];
        var sorted = Array.prototype.slice.call(body.rows).sort(function (a, b) {
          var x = value(a, column);
          var y = value(b, column);
          return (x < y ? -1 : x > y ? 1 : 0) * (down ? -1 : 1);
        });
        heads.forEach(function (other) { other.removeAttribute("aria-sort"); });
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
        sorted.forEach(function (row) { body.appendChild(row); });
      });
    });
  }

  function addCopying(command) {
    if (!navigator.clipboard) {
      return;
    }
    var button = element("button", "copy", "Copy");
    button.type = "button";
    button.addEventListener("click", function () {
      navigator.clipboard.writeText(command.querySelector("code").textContent).then(function () {
        button.textContent = "Copied";
      });
    });
    command.appendChild(button);
  }

  if (rows.length > 0) {
    addSearch();
  }
  document.querySelectorAll(".rows").forEach(addSorting);
  document.querySelectorAll(".command").forEach(addCopying);
})();
