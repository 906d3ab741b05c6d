// The day page on a phone. A note is kept here until the server has it, and is sent once: its key
// makes it the same note however often it is sent. No token is kept: a fresh one is asked for.
// Without script, or without room to keep a note, the forms go their plain way.

import * as pictures from "./kept-pictures.js";

const SHELF = "kept-notes";
const AGAIN_MS = 20 * 1000;
const PATIENCE_MS = 15 * 1000;
const PICTURE_PATIENCE_MS = 90 * 1000;
const WORDS = {
  full: "Done as agreed",
  part: "Part of it",
  missed: "We missed it",
  cancelled_in_time: "They cancelled in time",
  cancelled_late: "They cancelled late",
  person_not_in: "Nobody was in",
  arrived: "I have arrived",
  left: "I am leaving",
};
const CHECK_INS = ["arrived", "left"];

const page = document.querySelector("[data-day]");
const address = page.dataset.day;
const owner = page.dataset.owner;
const box = page.querySelector("[data-kept]");
let sending = false;
let trouble = ""; // why the last try did not get through

function shelf() {
  try {
    return JSON.parse(localStorage.getItem(SHELF)) || [];
  } catch {
    return [];
  }
}

function fill(notes) {
  if (notes.length) localStorage.setItem(SHELF, JSON.stringify(notes));
  else localStorage.removeItem(SHELF);
}

function mine() {
  return shelf().filter((note) => note.owner === owner);
}

function takeOff(key) {
  fill(shelf().filter((note) => note.key !== key));
  return pictures.forget(key).catch(() => {});
}

function change(key, news) {
  fill(shelf().map((note) => (note.key === key ? { ...note, ...news } : note)));
}

function written(form) {
  const typed = Object.fromEntries(new FormData(form));
  const panel = form.closest("[data-visit]");
  const what = form.dataset.note === "other" ? typed.outcome || "" : form.dataset.note;
  return {
    key: typed.key,
    visit: panel.dataset.visit,
    label: panel.dataset.label,
    what,
    how_much: what === "part" ? typed.how_much : "",
    words: typed.words || "",
    said_at: new Date().toISOString(),
    owner,
    alt: CHECK_INS.includes(what) || !chosen(panel) ? "" : shows(panel).value.trim(),
  };
}

function chooser(panel) {
  return panel.querySelector("[data-picture] input[type=file]");
}

function shows(panel) {
  return panel.querySelector("[data-picture] input[type=text]");
}

function chosen(panel) {
  return chooser(panel).files[0];
}

function missing(note, picture) {
  if (!note.what) return "Choose what happened.";
  if (note.what === "part" && !note.how_much) return "Choose how much of it happened.";
  if (!picture) return "";
  const refusal = pictures.wrong(picture, shelf().filter((kept) => kept.alt).length);
  if (refusal || note.alt) return refusal;
  return "Say in a few words what the picture shows.";
}

function say(panel, words) {
  const said = panel.querySelector("[data-said]");
  said.hidden = !words;
  said.textContent = words;
}

function onSubmit(event) {
  const form = event.target;
  if (!form.dataset.note) return;
  const note = written(form);
  const panel = form.closest("[data-visit]");
  const picture = CHECK_INS.includes(note.what) ? undefined : chosen(panel);
  const refusal = missing(note, picture);
  if (!refusal && !picture) {
    try {
      fill([...shelf(), note]);
    } catch {
      return; // no room here: the form goes its plain way
    }
  }
  event.preventDefault();
  event.stopPropagation();
  if (refusal) say(panel, refusal);
  else if (picture) keepBoth(note, picture, panel);
  else go();
}

function go() {
  show();
  send();
}

// The picture first: a note that has one is never kept without it.
async function keepBoth(note, picture, panel) {
  if (shelf().some((kept) => kept.key === note.key)) return;
  try {
    await pictures.keep(note.key, picture);
    if (!shelf().some((kept) => kept.key === note.key)) fill([...shelf(), note]);
  } catch {
    pictures.forget(note.key).catch(() => {});
    say(panel, "There is no room on this phone to keep the picture. Take it away and send the rest. You can add it when there is network.");
    return;
  }
  go();
}

async function send() {
  if (sending) return;
  sending = true;
  let sent = 0;
  try {
    sent = await (navigator.locks ? navigator.locks.request(SHELF, sendAll) : sendAll());
  } catch {
    trouble = "There is no network here. They are sent by themselves as soon as there is.";
  } finally {
    sending = false;
  }
  show();
  if (sent) renew();
}

async function sendAll() {
  const waiting = mine().filter((note) => !note.refused);
  if (!waiting.length) return 0;
  const token = await askToken();
  let sent = 0;
  if (!token) return sent;
  for (const note of waiting) {
    // Taken back meanwhile, or sent by another tab.
    if (!shelf().some((kept) => kept.key === note.key)) continue;
    const picture = note.alt ? await pictures.find(note.key).catch(() => undefined) : undefined;
    if (note.alt && !picture) {
      change(note.key, { refused: "Its picture is not on this phone any more." });
      continue;
    }
    const answer = await post(note, picture, token);
    if (answer === null) return sent;
    if (answer.state === "sent") {
      await takeOff(note.key); // the page is read anew soon, and would cut it short
      // What was written is with the server now; until then it stays, to be taken back.
      page.querySelectorAll(`[data-visit="${note.visit}"]`).forEach(empty);
      sent += 1;
    } else change(note.key, { refused: answer.said });
  }
  return sent;
}

function empty(panel) {
  panel.querySelectorAll("form").forEach((form) => form.reset());
  chooser(panel).value = shows(panel).value = "";
}

async function askToken() {
  const answer = await ask({ method: "GET" });
  if (answer === null) return "";
  if (answer.owner !== owner) {
    trouble = "Somebody else is signed in here now. They are sent when you sign in again.";
    return "";
  }
  trouble = "";
  return answer.token;
}

function post(note, picture, token) {
  const body = new FormData();
  const said = {
    csrf_token: token,
    key: note.key,
    visit_id: note.visit,
    what: note.what,
    how_much: note.how_much,
    words: note.words,
    said_at: note.said_at,
  };
  Object.entries(said).forEach(([name, value]) => body.set(name, value));
  if (picture) {
    body.set("photo", picture, "picture");
    body.set("alt", note.alt);
  }
  return ask({ method: "POST", body }, picture ? PICTURE_PATIENCE_MS : PATIENCE_MS);
}

// Returns what the server said, or null if it could not be asked properly; `trouble` says why.
async function ask(options, patience = PATIENCE_MS) {
  const answer = await fetch(address, {
    ...options,
    cache: "no-store",
    redirect: "manual",
    signal: AbortSignal.timeout?.(patience), // older browsers wait as long as they like
  });
  if (answer.type === "opaqueredirect") {
    trouble = "signed out";
    return null;
  }
  if (answer.ok || answer.status === 409) return answer.json();
  trouble = "They could not be sent now. We try again by ourselves.";
  return null;
}

// The page is read anew, unless something is half written on it.
function renew() {
  if (mine().length || trouble) return;
  const typed = [...page.querySelectorAll("textarea")].some((area) => area.value);
  const ticked = page.querySelector("input[type=radio]:checked");
  const pictured = [...page.querySelectorAll("[data-visit]")].some(chosen);
  if (typed || ticked || pictured) return;
  location.reload();
}

function show() {
  const notes = mine();
  box.hidden = !notes.length;
  const state = box.querySelector("[data-state]");
  state.replaceChildren(trouble === "signed out" ? toSignIn() : trouble);
  box.querySelector("ul").replaceChildren(...notes.map(line));
  page.querySelectorAll("[data-visit]").forEach((panel) => {
    const kept = notes.filter((note) => note.visit === panel.dataset.visit);
    const noted = kept.some((note) => !CHECK_INS.includes(note.what));
    panel.querySelector("[data-ways]").hidden = noted;
    if (kept.length) {
      say(panel, "Kept on this phone, not sent yet.");
      panel.dataset.kept = "yes";
    } else if (panel.dataset.kept) {
      delete panel.dataset.kept;
      say(panel, "");
    }
  });
}

function toSignIn() {
  const words = document.createElement("span");
  const link = document.createElement("a");
  link.href = page.dataset.signIn;
  link.textContent = "Sign in";
  words.append("You are signed out. Nothing is lost: ", link, ", and they are sent.");
  return words;
}

function line(note) {
  const item = document.createElement("li");
  const words = document.createElement("p");
  const state = note.refused ? `Not taken: ${note.refused}` : "Kept on this phone, not sent yet.";
  const much = note.how_much ? ` (${note.how_much})` : "";
  const more = note.words ? ` “${note.words}”` : "";
  const picture = note.alt ? ` With a picture: ${note.alt}.` : "";
  words.textContent = `${note.label}: ${WORDS[note.what]}${much}.${more}${picture} ${state}`;
  item.append(words);
  if (note.refused && note.alt) {
    item.append(way("Send it without the picture", note, () => {
      change(note.key, { refused: "", alt: "" });
      pictures.forget(note.key).catch(() => {});
      go();
    }));
  }
  item.append(way(note.refused ? "Throw it away" : "Take it back", note, () => {
    takeOff(note.key);
    show();
  }));
  return item;
}

function way(text, note, onClick) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "govuk-button button button--secondary";
  button.textContent = text;
  const about = document.createElement("span");
  about.className = "visually-hidden";
  about.textContent = `: ${note.label}`;
  button.append(about);
  button.addEventListener("click", onClick);
  return button;
}

// With it, this page opens without network too. It is for this page alone.
if (navigator.serviceWorker) {
  navigator.serviceWorker.register(page.dataset.worker, { scope: location.pathname }).catch(() => {});
}
page.querySelectorAll("[data-picture]").forEach((each) => { each.hidden = !window.indexedDB; });
pictures.tidy(shelf().map((note) => note.key)).catch(() => {});
page.addEventListener("submit", onSubmit);
window.addEventListener("online", send);
window.addEventListener("storage", show);
document.addEventListener("visibilitychange", () => { if (!document.hidden) send(); });
setInterval(send, AGAIN_MS);
show();
send();
