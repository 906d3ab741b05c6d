// Makes pages smoother. Nothing here is needed: each page works without script.

const QUIET_MS = 200; // typing has paused
const AGAIN_MS = 8000; // a send that went nowhere may be tried again
const WARN_MS = 5 * 60 * 1000; // before the session ends

function sendOnce() {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post") return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    // Disabled after this turn, so that the pressed button's own value is still sent.
    const buttons = [...form.querySelectorAll("button")];
    setTimeout(() => buttons.forEach((button) => { button.disabled = true; }), 0);
    setTimeout(() => allowAgain(form), AGAIN_MS);
  });
  // A page that comes back from the browser's memory must not come back frozen.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) document.querySelectorAll("form").forEach(allowAgain);
  });
}

function allowAgain(form) {
  delete form.dataset.sent;
  form.querySelectorAll("button").forEach((button) => { button.disabled = false; });
}

// What is too big is not read by the server at all, and then what was written with it is lost.
function holdBackTooBig(input) {
  const note = document.createElement("p");
  note.className = "govuk-error-message";
  note.setAttribute("role", "alert");
  input.before(note);
  input.form.addEventListener("submit", (event) => {
    const size = [...input.files].reduce((sum, file) => sum + file.size, 0);
    const fits = size <= Number(input.dataset.sizeMax);
    note.textContent = fits ? "" : input.dataset.tooBig;
    if (fits) return;
    event.preventDefault();
    event.stopPropagation();
    input.focus();
  });
}

function suggest(input, number) {
  const list = document.createElement("datalist");
  list.id = `suggestions-${number}`;
  input.after(list);
  input.setAttribute("list", list.id);
  let wait;
  let asked = "";
  input.addEventListener("input", () => {
    clearTimeout(wait);
    const words = input.value.trim();
    if (words.length < 2 || words === asked) return;
    wait = setTimeout(async () => {
      asked = words;
      list.replaceChildren(...(await suggestions(input.dataset.suggest, words)).map(option));
    }, QUIET_MS);
  });
}

async function suggestions(address, words) {
  try {
    const answer = await fetch(`${address}?q=${encodeURIComponent(words)}`);
    return answer.ok ? await answer.json() : [];
  } catch {
    return []; // offline: the box still searches
  }
}

function option({ text, count }) {
  const entry = document.createElement("option");
  entry.value = text;
  entry.label = `${text} (${count})`;
  return entry;
}

// Where somebody is, is only asked when they press the button for it.
function nearMe(form) {
  if (!navigator.geolocation) return;
  const note = form.querySelector("[role=status]");
  form.hidden = false;
  form.addEventListener("submit", (event) => {
    if (form.elements.latitude.value) return;
    event.preventDefault();
    event.stopPropagation();
    note.textContent = form.dataset.finding;
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        form.elements.latitude.value = coords.latitude.toFixed(4);
        form.elements.longitude.value = coords.longitude.toFixed(4);
        form.submit();
      },
      () => { note.textContent = form.dataset.notFound; },
      { maximumAge: 10 * 60 * 1000, timeout: 10000 },
    );
  });
}

function showErrors() {
  const box = document.querySelector(".govuk-error-summary");
  if (!box) return;
  box.tabIndex = -1;
  box.focus();
}

function openWhenWide(fold) {
  const wide = window.matchMedia(`(min-width: ${fold.dataset.openWhenWide})`);
  const follow = () => { fold.open = wide.matches; };
  follow();
  wide.addEventListener("change", follow);
}

function closeMenus() {
  document.addEventListener("click", (event) => {
    document.querySelectorAll(".account__menu[open]").forEach((menu) => {
      if (!menu.contains(event.target)) menu.open = false;
    });
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const menu = document.querySelector(".account__menu[open]");
    if (!menu) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
}

function warnOfEnd() {
  const meta = document.querySelector('meta[name="session-ends"]');
  if (!meta) return;
  const left = new Date(meta.content).getTime() - Date.now() - WARN_MS;
  if (!Number.isFinite(left)) return;
  setTimeout(() => {
    const note = document.createElement("div");
    note.className = "flash flash--warning";
    note.setAttribute("role", "alert");
    note.textContent = "You will be signed out in about 5 minutes. Save what you are doing to stay signed in.";
    document.getElementById("main").prepend(note);
  }, Math.max(left, 0));
}

// What the day page keeps on a phone goes when its owner signs out; what is not sent is said first.
function forgetWhenSignedOut() {
  const form = document.querySelector("[data-sign-out]");
  if (!form) return;
  form.addEventListener("submit", (event) => {
    const kept = keptNotes();
    if (kept && !form.dataset.warned) {
      event.preventDefault();
      event.stopPropagation();
      form.dataset.warned = "yes";
      const note = document.createElement("p");
      note.setAttribute("role", "alert");
      note.textContent = `${kept === 1 ? "One note is" : `${kept} notes are`} kept on this phone and not sent. Sign out again to throw ${kept === 1 ? "it" : "them"} away.`;
      form.append(note);
      return;
    }
    try { localStorage.removeItem("kept-notes"); } catch { /* nothing can be kept here */ }
    if (window.caches) caches.delete("day-page");
    if (window.indexedDB) indexedDB.deleteDatabase("kept-pictures");
  });
}

function keptNotes() {
  try {
    return (JSON.parse(localStorage.getItem("kept-notes")) || []).length;
  } catch {
    return 0;
  }
}

// A voice of the visitor's own machine reads what stands on the page; nothing is sent anywhere.
function readAloud(box) {
  if (!window.speechSynthesis) return;
  const button = box.querySelector("button");
  const start = button.textContent;
  box.hidden = false;
  const show = (reading) => { button.textContent = reading ? box.dataset.stop : start; };
  button.addEventListener("click", () => {
    if (speechSynthesis.speaking) {
      speechSynthesis.cancel();
      show(false);
      return;
    }
    const main = document.getElementById("main");
    const language = main.lang || document.documentElement.lang;
    const parts = spoken(main, start).map((words) => new SpeechSynthesisUtterance(words));
    if (!parts.length) return;
    parts.forEach((part) => { part.lang = language; part.rate = 0.9; });
    parts.at(-1).addEventListener("end", () => show(false));
    show(true);
    parts.forEach((part) => speechSynthesis.speak(part));
  });
  window.addEventListener("pagehide", () => speechSynthesis.cancel());
}

// Line by line as it is seen: what is folded away or hidden is not read, nor the button itself.
function spoken(main, button) {
  return main.innerText.split(/\n+/)
    .map((line) => line.trim())
    .filter((line) => line && line !== button);
}

sendOnce();
closeMenus();
forgetWhenSignedOut();
showErrors();
warnOfEnd();
document.querySelectorAll("[data-near-me]").forEach(nearMe);
document.querySelectorAll("[data-read-aloud]").forEach(readAloud);
document.querySelectorAll("[data-size-max]").forEach(holdBackTooBig);
document.querySelectorAll("[data-suggest]").forEach(suggest);
document.querySelectorAll("[data-open-when-wide]").forEach(openWhenWide);
