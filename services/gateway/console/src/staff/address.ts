/** What stands in the page's address, so that going back and a link to a colleague show the same. */
import { computed, type WritableComputedRef } from "vue";
import { useRoute, useRouter } from "vue-router";

/** A parameter of the address; where it is not there, what is usual. */
export function useQuery(name: string, usual: () => string): WritableComputedRef<string>;
export function useQuery(name: string, usual?: () => string | undefined): WritableComputedRef<string | undefined>;
export function useQuery(name: string, usual: () => string | undefined = () => undefined): WritableComputedRef<string | undefined> {
  const route = useRoute();
  const router = useRouter();
  return computed({
    get: () => (typeof route.query[name] === "string" ? route.query[name] : usual()),
    set: (value) => void router.replace({ query: { ...route.query, [name]: value || undefined } }),
  });
}

/** Which of a screen's views is shown; another one begins with an address of its own: the filters were the last one's. */
export function useView<V extends string>(views: readonly V[], usual: () => V): WritableComputedRef<V> {
  const route = useRoute();
  const router = useRouter();
  return computed({
    get: () => views.find((one) => one === route.query["view"]) ?? usual(),
    set: (value) => void router.replace({ query: { view: value } }),
  });
}
