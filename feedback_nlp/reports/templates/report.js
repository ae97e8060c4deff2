"use strict";
(function () {
  // Each mark's <title> is shown at once beside the pointer instead of after the browser's delay.
  var tip = document.getElementById("tip");
  var current = null;
  function words(mark) {
    var title = mark.querySelector(":scope > title");
    if (title) {
      mark.setAttribute("aria-label", title.textContent);
      title.remove();
    }
    return mark.getAttribute("aria-label");
  }
  function place(x, y) {
    var box = tip.getBoundingClientRect();
    var left = Math.min(Math.max(8, x - box.width / 2), document.documentElement.clientWidth - box.width - 8);
    var top = y - box.height - 14;
    tip.style.left = left + "px";
    tip.style.top = (top < 8 ? y + 18 : top) + "px";
  }
  function markOf(target) {
    return target && target.closest ? target.closest(".hit, .mark, svg.interval") : null;
  }
  function show(mark, x, y) {
    if (mark !== current) {
      if (current) current.classList.remove("on");
      current = mark;
      tip.hidden = !mark;
      if (mark) {
        tip.textContent = words(mark);
        mark.classList.add("on");
      }
    }
    if (mark) place(x, y);
  }
  document.addEventListener("pointermove", function (event) {
    show(markOf(event.target), event.clientX, event.clientY);
  });
  document.addEventListener("pointerleave", function () { show(null); });
  document.addEventListener("scroll", function () { show(null); }, { passive: true });

  // A chart can be walked with the arrow keys, period by period.
  document.querySelectorAll("svg.chart, svg.strip").forEach(function (chart) {
    var marks = Array.prototype.slice.call(chart.querySelectorAll(".hit, .mark"));
    var at = -1;
    if (!marks.length) return;
    chart.setAttribute("tabindex", "0");
    function go(to) {
      at = Math.min(Math.max(to, 0), marks.length - 1);
      var box = marks[at].getBoundingClientRect();
      show(marks[at], box.left + box.width / 2, Math.max(box.top, 60));
      chart.setAttribute("aria-label", words(marks[at]));
    }
    chart.addEventListener("keydown", function (event) {
      var moves = { ArrowRight: at + 1, ArrowLeft: at < 0 ? marks.length - 1 : at - 1, Home: 0, End: marks.length - 1 };
      if (event.key in moves) {
        event.preventDefault();
        go(moves[event.key]);
      } else if (event.key === "Escape") {
        show(null);
      }
    });
    chart.addEventListener("blur", function () { at = -1; show(null); });
  });

  window.addEventListener("beforeprint", function () {
    document.querySelectorAll("details.group").forEach(function (part) { part.open = true; });
  });
})();
