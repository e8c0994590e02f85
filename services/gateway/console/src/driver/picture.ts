/** Signatures and photos in the form that a delivery takes them: base64, at most 60,000 bytes. */

export const PROOF_BYTES = 60_000;

function blobOf(canvas: HTMLCanvasElement, type: string, quality?: number): Promise<Blob> {
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("the picture cannot be made"))), type, quality);
  });
}

export async function base64Of(blob: Blob): Promise<string> {
  const bytes = new Uint8Array(await blob.arrayBuffer());
  let text = "";
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return btoa(text);
}

/** Tries what `make` yields, from large to small, until it is small enough. */
export async function firstSmall(attempts: readonly (() => Promise<Blob>)[], limit = PROOF_BYTES): Promise<Blob> {
  for (const attempt of attempts) {
    const blob = await attempt();
    if (blob.size > 0 && blob.size <= limit) return blob;
  }
  throw new Error("the picture is too large");
}

/** Black on white: the paper's colour is part of the picture, so that it can be printed. At once: who signs and sends in one breath has signed. */
export function signatureOf(canvas: HTMLCanvasElement): string {
  const paper = document.createElement("canvas");
  const scale = Math.min(1, 600 / canvas.width);
  paper.width = Math.round(canvas.width * scale);
  paper.height = Math.round(canvas.height * scale);
  const pen = paper.getContext("2d")!;
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, paper.width, paper.height);
  pen.drawImage(canvas, 0, 0, paper.width, paper.height);
  const base64 = (type: string): string => paper.toDataURL(type, 0.6).split(",")[1] ?? "";
  const small = ["image/png", "image/jpeg"].map(base64).find((one) => one !== "" && (one.length / 4) * 3 <= PROOF_BYTES);
  if (small === undefined) throw new Error("the picture is too large");
  return small;
}

/** A photo, turned as it was taken, made smaller until it fits. */
export async function photoOf(file: Blob): Promise<Blob> {
  const image = await createImageBitmap(file, { imageOrientation: "from-image" });
  const shrunk = (longest: number, quality: number) => (): Promise<Blob> => {
    const scale = Math.min(1, longest / Math.max(image.width, image.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(image.width * scale));
    canvas.height = Math.max(1, Math.round(image.height * scale));
    canvas.getContext("2d")!.drawImage(image, 0, 0, canvas.width, canvas.height);
    return blobOf(canvas, "image/jpeg", quality);
  };
  try {
    return await firstSmall([shrunk(1280, 0.7), shrunk(1024, 0.6), shrunk(800, 0.55), shrunk(640, 0.5), shrunk(480, 0.4)]);
  } finally {
    image.close();
  }
}
