/** The screen's language: Chinese first, English complete. Words stand beside what uses them, always in both. */
import { ref, watch } from "vue";
import type { Words } from "../schema/types";

export type { Words };
export type Language = "zh" | "en";

const KEPT = "songda.language";

function remembered(): Language {
  try {
    return localStorage.getItem(KEPT) === "en" ? "en" : "zh";
  } catch {
    return "zh";
  }
}

export const language = ref<Language>(remembered());

watch(
  language,
  (value) => {
    document.documentElement.lang = value === "zh" ? "zh-CN" : "en";
    try {
      localStorage.setItem(KEPT, value);
    } catch {
      // a browser that keeps nothing still shows it
    }
  },
  { immediate: true },
);

/** The words in the screen's language; each {} is filled with the next value. */
export function t(words: Words, ...values: (string | number)[]): string {
  let text = words[language.value];
  for (const value of values) text = text.replace("{}", () => String(value));
  return text;
}

/** A screen's words: both languages are required by the type. */
export function defineWords<K extends string>(words: Record<K, Words>): Record<K, Words> {
  return words;
}

/** English words of the contract begin small; a label begins with a capital. */
export function label(words: Words): string {
  const text = t(words);
  return language.value === "en" ? text.charAt(0).toUpperCase() + text.slice(1) : text;
}
