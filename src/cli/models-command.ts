import type { Config } from '../config.js';
import { listModels } from '../services/clip/clip-models.js';
import { formatTable } from './format-table.js';

/** `lookalike models`: prints the models with a short name, and which of them are on this machine. */
export function modelsCommand(config: Config): void {
  const rows = listModels(config.clip).map((model) => [
    model.name === config.clip.model ? `* ${model.name}` : `  ${model.name}`,
    String(model.dimensions),
    model.source.kind === 'hub' ? model.source.id : 'comes with Lookalike',
    model.isDownloaded ? 'here' : 'downloaded on first use',
  ]);
  console.log(formatTable(['  name', 'dimensions', 'source', 'files'], rows));
  console.log('\nCLIP_MODEL takes one of these names, the id of any CLIP on the hub (org/name), or a local folder.');
}
