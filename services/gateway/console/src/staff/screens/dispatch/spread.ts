/** Marks that would hide each other on the map move apart a little, never far from where they belong. */
export interface Spot {
  x: number;
  y: number;
}

const ROUNDS = 8;

/** Only neighbours can touch: they are looked for in squares as wide as a mark. */
function squares(spots: readonly Spot[], size: number): Map<string, number[]> {
  const found = new Map<string, number[]>();
  spots.forEach((spot, index) => {
    const key = `${Math.floor(spot.x / size)} ${Math.floor(spot.y / size)}`;
    found.set(key, [...(found.get(key) ?? []), index]);
  });
  return found;
}

function neighbours(of: Map<string, number[]>, spot: Spot, size: number): number[] {
  const [x, y] = [Math.floor(spot.x / size), Math.floor(spot.y / size)];
  return [-1, 0, 1].flatMap((dx) => [-1, 0, 1].flatMap((dy) => of.get(`${x + dx} ${y + dy}`) ?? []));
}

export function spread(spots: readonly Spot[], size: number, farthest: number): Spot[] {
  const moved = spots.map((spot) => ({ ...spot }));
  for (let round = 0; round < ROUNDS; round++) {
    const near = squares(moved, size);
    let hasTouched = false;
    moved.forEach((one, index) => {
      for (const at of neighbours(near, one, size)) {
        const other = moved[at]!;
        const [dx, dy] = [other.x - one.x, other.y - one.y];
        const apart = Math.hypot(dx, dy);
        if (at <= index || apart >= size) continue;
        const [ux, uy] = apart > 0.01 ? [dx / apart, dy / apart] : [Math.cos(index + at), Math.sin(index + at)];
        const push = (size - apart) / 2;
        [one.x, one.y, other.x, other.y] = [one.x - ux * push, one.y - uy * push, other.x + ux * push, other.y + uy * push];
        hasTouched = true;
      }
    });
    if (!hasTouched) break;
  }
  return moved.map((spot, index) => {
    const home = spots[index]!;
    const away = Math.hypot(spot.x - home.x, spot.y - home.y);
    const share = away > farthest ? farthest / away : 1;
    return { x: home.x + (spot.x - home.x) * share, y: home.y + (spot.y - home.y) * share };
  });
}
