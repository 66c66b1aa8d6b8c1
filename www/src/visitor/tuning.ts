// Fine-tuning, an epoch at a time. A chunk of its own.

import { engineCall, type Opened } from "../model/engine.js";
import { aborted } from "../errors.js";
import type { Hooks } from "../model/model.js";
import type { TrainingProgress } from "../types.js";

/** How a fine-tuning goes. */
export interface Tuning {
  epochs: number;
  learningRate: number;
  pull: number;
}

/** Fine-tunes; between two epochs other calls are answered. Aborted, it leaves all as it was. */
export async function fineTune(
  present: () => Opened,
  { epochs, learningRate, pull }: Tuning,
  { signal, onProgress }: Hooks<TrainingProgress>,
): Promise<void> {
  const { engine } = present();
  const tuning = engineCall(() => engine.startTuning(learningRate, pull));
  try {
    for (let epoch = 1; epoch <= epochs; epoch++) {
      await new Promise((resolve) => setTimeout(resolve));
      // A newer model has other items: what was tuned so far means nothing there.
      if (signal?.aborted || present().engine !== engine) throw aborted();
      const loss = engineCall(() => tuning.epoch(engine));
      onProgress?.({ epoch, epochs, loss, share: epoch / epochs });
    }
  } catch (error) {
    tuning.free();
    throw error;
  }
  engineCall(() => engine.finishTuning(tuning));
}
