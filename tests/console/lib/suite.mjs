// suite.mjs - tests with names that are sentences; the last line says how many passed.
export class Suite {
  constructor(only) {
    this.only = only;
    this.passed = 0;
    this.failed = 0;
  }

  /** `work` throws when the sentence is not true. */
  async test(sentence, work) {
    if (this.only && !sentence.includes(this.only)) return;
    const began = Date.now();
    try {
      await work();
      this.passed++;
      console.log(`ok ${sentence} (${((Date.now() - began) / 1000).toFixed(1)} s)`);
    } catch (error) {
      this.failed++;
      console.log(`FAILED ${sentence}\n    ${String(error?.stack ?? error).split("\n").slice(0, 12).join("\n    ")}`);
    }
  }

  end() {
    console.log(`${this.passed} passed, ${this.failed} failed`);
    return this.failed === 0 && this.passed > 0 ? 0 : 1;
  }
}

export function equal(found, wanted, what) {
  const one = JSON.stringify(found);
  const other = JSON.stringify(wanted);
  if (one !== other) throw new Error(`${what}: ${one}, not ${other}`);
}

export function truth(value, what) {
  if (!value) throw new Error(what);
}

/** What the page noted that must not happen. */
export function innocent(page) {
  if (page.wrong.length > 0) throw new Error(page.wrong.join("\n"));
}
