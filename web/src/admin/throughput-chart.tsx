import { useId, useState, type PointerEvent } from 'react';
import styles from './throughput-chart.module.css';
import { pathsOf, sampleWords, scaleOf, summaryOf, type ThroughputScale } from './throughput-scale.js';
import { useThroughput, type ThroughputSample } from './throughput-samples.js';

/** How fast a run is and was, while the page is open. */
export function ThroughputChart({ runId }: { runId: string }) {
  const samples = useThroughput(runId);
  const id = useId();
  if (samples.every(({ imagesPerSecond }) => imagesPerSecond === null)) return null;
  return (
    <figure className={styles.chart} aria-labelledby={`${id}-title`} aria-describedby={`${id}-summary`}>
      <figcaption>
        <span id={`${id}-title`} className={styles.title}>
          Images a second
        </span>
        <span id={`${id}-summary`} className="visually-hidden">
          {summaryOf(samples)}
        </span>
      </figcaption>
      <Plot samples={samples} scale={scaleOf(samples)} />
    </figure>
  );
}

function Plot({ samples, scale }: { samples: readonly ThroughputSample[]; scale: ThroughputScale }) {
  const [chosen, setChosen] = useState<number | null>(null);
  const last = samples.length - 1;
  const at = Math.min(chosen ?? last, last);
  const sample = samples[at];
  const choose = (event: PointerEvent<HTMLElement>): void => {
    const box = event.currentTarget.getBoundingClientRect();
    setChosen(nearestTo(((event.clientX - box.left) / box.width) * 100, samples, scale));
  };
  return (
    <div className={styles.frame}>
      <span className={styles.rates} aria-hidden="true">
        <span>{scale.top}</span>
        <span>{scale.top / 2}</span>
        <span>0</span>
      </span>
      <div className={styles.plot} onPointerDown={choose} onPointerMove={choose} onPointerLeave={() => setChosen(null)}>
        <Curve samples={samples} scale={scale} />
        {sample !== undefined && <Marker sample={sample} scale={scale} />}
        {/* Arrow keys go from sample to sample. */}
        <input
          type="range"
          aria-label="Images a second at a moment"
          aria-valuetext={sample === undefined ? undefined : sampleWords(sample)}
          min={0}
          max={last}
          value={at}
          onChange={(event) => setChosen(Number(event.target.value))}
          onBlur={() => setChosen(null)}
        />
      </div>
      <TimeAxis windowMs={scale.windowMs} />
      <p className={styles.value} aria-hidden="true">
        {sample !== undefined && sampleWords(sample)}
      </p>
    </div>
  );
}

function Curve({ samples, scale }: { samples: readonly ThroughputSample[]; scale: ThroughputScale }) {
  const { line, area } = pathsOf(samples, scale);
  return (
    <svg viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true" focusable="false">
      <path className={styles.grid} d="M0 0H100M0 50H100M0 100H100" />
      <path className={styles.area} d={area} />
      <path className={styles.line} d={line} />
    </svg>
  );
}

function Marker({ sample, scale }: { sample: ThroughputSample; scale: ThroughputScale }) {
  const { imagesPerSecond } = sample;
  return (
    <>
      <span className={styles.cursor} style={{ left: `${scale.xOf(sample)}%` }} />
      {imagesPerSecond !== null && (
        <span
          className={styles.marker}
          style={{ left: `${scale.xOf(sample)}%`, top: `${scale.yOf(imagesPerSecond)}%` }}
        />
      )}
    </>
  );
}

function TimeAxis({ windowMs }: { windowMs: number }) {
  return (
    <span className={styles.times} aria-hidden="true">
      <span>{agoWords(windowMs)}</span>
      <span>{agoWords(windowMs / 2)}</span>
      <span>now</span>
    </span>
  );
}

function agoWords(milliseconds: number): string {
  const seconds = milliseconds / 1_000;
  return seconds < 60 ? `${seconds} s ago` : `${seconds / 60} min ago`;
}

function nearestTo(x: number, samples: readonly ThroughputSample[], { xOf }: ThroughputScale): number {
  const distances = samples.map((sample) => Math.abs(xOf(sample) - x));
  return distances.indexOf(Math.min(...distances));
}
