/** What lies below the map: nothing, or the tiles of the gateway's setting. */
export interface Ground {
  tiles?: string;
  attribution?: string;
}

let asked: Promise<Ground> | undefined;

async function ask(): Promise<Ground> {
  try {
    const response = await fetch("/api/map.json", { headers: { Accept: "application/json" }, credentials: "same-origin" });
    const found = (response.ok ? await response.json() : {}) as Record<string, unknown>;
    return {
      ...(typeof found["tiles"] === "string" ? { tiles: found["tiles"] } : {}),
      ...(typeof found["attribution"] === "string" ? { attribution: found["attribution"] } : {}),
    };
  } catch {
    return {}; // a plain ground does
  }
}

export function ground(): Promise<Ground> {
  asked ??= ask();
  return asked;
}
