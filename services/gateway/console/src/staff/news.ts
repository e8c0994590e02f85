/** Reading again when something has happened. */
import { onScopeDispose, watch } from "vue";
import { gaps, useEvents, type Happening } from "@/common/events";

export interface News {
  wait?: number; // milliseconds after the last event of a burst, 250
  concerns?: (happening: Happening) => boolean; // which of the events; default: all
}

/**
 * Reads again after events of these names and after a gap in the stream, as long as the component is there: once for a burst of them.
 * Returns how to have it read again for another reason.
 */
export function useNews(names: readonly string[], read: () => unknown, { wait = 250, concerns }: News = {}): (milliseconds?: number) => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const soon = (milliseconds = wait): void => {
    clearTimeout(timer);
    timer = setTimeout(() => void read(), milliseconds);
  };
  useEvents(names, (happening) => {
    if (!concerns || concerns(happening)) soon();
  });
  watch(gaps, () => soon());
  onScopeDispose(() => clearTimeout(timer));
  return soon;
}
