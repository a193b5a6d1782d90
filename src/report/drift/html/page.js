(() => {
  "use strict";
  const form = document.getElementById("filters");
  if (!form) return;
  const shown = document.getElementById("shown");
  const findings = Array.from(document.querySelectorAll(".finding"));
  const causes = Array.from(document.querySelectorAll(".cause"));
  const rows = Array.from(document.querySelectorAll(".matrix tbody tr"));
  const texts = new Map();
  const textOf = (item) => {
    if (!texts.has(item)) {
      const cause = item.closest(".cause").querySelector("summary").textContent;
      texts.set(item, (cause + " " + item.textContent).toLowerCase());
    }
    return texts.get(item);
  };
  const apply = () => {
    const words = form.elements.text.value.toLowerCase().split(/\s+/).filter(Boolean);
    const classes = Array.from(form.querySelectorAll("input[name=class]:checked"), (box) => box.value);
    const cause = form.elements.cause.value;
    const stack = form.elements.stack.value;
    const active = words.length > 0 || classes.length > 0 || cause !== "" || stack !== "";
    const stacks = new Set();
    let count = 0;
    for (const item of findings) {
      const fits =
        (classes.length === 0 || classes.includes(item.dataset.class)) &&
        (cause === "" || item.dataset.cause === cause) &&
        (stack === "" || item.dataset.stack === stack) &&
        words.every((word) => textOf(item).includes(word));
      item.hidden = !fits;
      if (fits) {
        count += 1;
        stacks.add(item.dataset.stack);
      }
    }
    for (const item of causes) {
      const any = item.querySelector(".finding:not([hidden])") !== null;
      item.hidden = active && !any;
      if (active && any) item.querySelector("details").open = true;
    }
    for (const row of rows) row.hidden = active && !stacks.has(row.dataset.stack);
    shown.textContent = active ? count + " of " + findings.length + " shown" : findings.length + " differences";
  };
  form.addEventListener("input", apply);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(apply, 0));
  for (const link of document.querySelectorAll(".count a")) {
    link.addEventListener("click", () => {
      form.reset();
      form.elements.stack.value = link.dataset.stack;
      for (const box of form.querySelectorAll("input[name=class]")) box.checked = box.value === link.dataset.class;
      setTimeout(apply, 0);
    });
  }
  form.hidden = false;
  document.documentElement.classList.add("js");
  apply();
})();
