// Pictures that wait on a phone for the network, each under the key of its note. They are too big
// for where the notes are kept, so they have a store of their own; it goes when somebody signs out.

const NAME = "kept-pictures";
const MEGABYTE = 1024 * 1024;
const MEGABYTES_MAX = 12; // the server takes no bigger ones
const KINDS = ["image/jpeg", "image/png", "image/webp"];
export const KEPT_MAX = 10;

// Says in words why a picture cannot be kept; "" if it can.
export function wrong(picture, kept) {
  if (!KINDS.includes(picture.type)) {
    return "We cannot open that as a picture. Choose a JPEG, PNG or WebP file.";
  }
  if (picture.size > MEGABYTES_MAX * MEGABYTE) {
    return `That picture is bigger than ${MEGABYTES_MAX} MB. Choose a smaller one.`;
  }
  if (kept >= KEPT_MAX) {
    return `${KEPT_MAX} pictures are kept on this phone and not sent yet. There is no room for more. Send this without a picture. You can add it when there is network.`;
  }
  return "";
}

export function keep(key, picture) {
  return inStore("readwrite", (store) => store.put(picture, key));
}

export function find(key) {
  return inStore("readonly", (store) => store.get(key));
}

export function forget(key) {
  return inStore("readwrite", (store) => store.delete(key));
}

export function keys() {
  return inStore("readonly", (store) => store.getAllKeys());
}

// Takes away what no note needs any more.
export async function tidy(needed) {
  await Promise.all((await keys()).filter((key) => !needed.includes(key)).map(forget));
}

async function inStore(mode, ask) {
  const database = await opened();
  try {
    return await new Promise((resolve, reject) => {
      const deed = database.transaction(NAME, mode);
      const asked = ask(deed.objectStore(NAME));
      deed.oncomplete = () => resolve(asked.result);
      deed.onerror = deed.onabort = () => reject(deed.error);
    });
  } finally {
    database.close();
  }
}

function opened() {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore(NAME);
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
}
