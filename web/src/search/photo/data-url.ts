/** Writes a file as a `data:` address. */
export function toDataUrl(file: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result as string);
    reader.onerror = () => reject(reader.error ?? new Error('The file can’t be read.'));
    reader.readAsDataURL(file);
  });
}

const BASE64_URL = /^data:([\w/+.-]*)(?:;[^,;]*)*;base64,(.*)$/s;

/** Reads a `data:` address in base64; null where it is none. By hand: the page's policy lets it fetch from its own server only. */
export function fromDataUrl(url: string): Blob | null {
  const [, type = '', base64 = ''] = BASE64_URL.exec(url) ?? [];
  if (base64 === '') return null;
  try {
    const bytes = Uint8Array.from(atob(decodeURIComponent(base64)), (character) => character.charCodeAt(0));
    return new Blob([bytes], { type });
  } catch {
    return null;
  }
}
