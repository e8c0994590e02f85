/** What the driver's forms have in common: what is typed is kept, an action is queued once, a refused one is corrected in its place. */
import { onScopeDispose, reactive, ref, watch, type Ref } from "vue";
import { dropDraft, keepDraft, newDraft, readDraft } from "../common/draft";
import { t } from "../common/words";
import type { NewAction } from "./queue";
import { act, actionOf, queue } from "./state";
import { shared } from "./words";

export interface Form<T> {
  values: T;
  busy: Ref<boolean>;
  error: Ref<string>;
  submit: (made: NewAction) => Promise<boolean>;
}

/** `name` tells one form from another; `start` is what it begins with when nothing was typed. */
export function useForm<T extends Record<string, unknown>>(name: string, correct: number | undefined, start: () => T): Form<T> {
  const form = `driver.${name}.${correct ?? "new"}`;
  const values = reactive({ ...start(), ...(readDraft(form)?.values as Partial<T> | undefined) }) as T;
  const [busy, error] = [ref(false), ref("")];
  let isOver = false;
  const stop = watch(
    () => JSON.stringify(values),
    (text) => {
      error.value = "";
      if (!isOver) keepDraft(form, newDraft(JSON.parse(text) as Record<string, unknown>));
    },
  );
  onScopeDispose(stop);

  async function submit(made: NewAction): Promise<boolean> {
    if (busy.value) return false;
    busy.value = true;
    error.value = "";
    try {
      if (correct !== undefined && !(await queue.correct(correct, made.request, made.subject))) {
        error.value = t(shared.tooLate);
        return false;
      }
      if (correct === undefined) await act(made);
      isOver = true;
      dropDraft(form);
      return true;
    } catch {
      error.value = t(shared.notKept);
      return false;
    } finally {
      busy.value = false;
    }
  }

  return { values, busy, error, submit };
}

/** When it happened: evidence; a corrected action happened when it was first made. */
export function happenedAt(correct: number | undefined): string {
  const first = actionOf(correct)?.request["happened_at"];
  return typeof first === "string" ? first : new Date().toISOString();
}
