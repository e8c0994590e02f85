/** What waits over all services, read again when its view changes and when something happens. */
import { onMounted, ref, watch, type Ref } from "vue";
import { useNews } from "../../news";
import type { Gathered } from "../home/waiting";

export function useGathered<T, V>(view: Readonly<Ref<V>>, gather: (view: V) => Promise<Gathered<T>>, names: readonly string[]): Ref<Gathered<T> | undefined> {
  const found = ref() as Ref<Gathered<T> | undefined>;

  async function load(): Promise<void> {
    const asked = view.value;
    const gathered = await gather(asked);
    if (asked === view.value) found.value = gathered;
  }

  onMounted(load);
  watch(view, () => {
    found.value = undefined;
    void load();
  });
  useNews(names, load);
  return found;
}
