import { Subject } from 'rxjs';
import type { Drain } from './drain.js';
import { type Patience, patience } from './patience.js';
import type { Alert, AlertRule, Ledger, Measurement } from './watching.js';

/** The rules of a run at work. */
export interface Alerting {
  judge(measurement: Measurement): void;
  end(): void;
}

/**
 * Shows each measurement to each rule, and tells what they find to the stream and to every sink; on the console if nobody
 * listens to the stream.
 *
 * A rule that throws is a failure, and starts anew; thrice in a row on measurements of one name, and it is switched off.
 */
export function alerting(
  rules: readonly AlertRule[],
  alerts: Subject<Alert>,
  drains: readonly Drain[],
  failed: Ledger['failed'],
): Alerting {
  const warned = new Set<string>();
  const tell = (alert: Alert): void => {
    if (!alerts.observed && alert.state === 'raised' && !warned.has(alert.id)) {
      warned.add(alert.id);
      console.warn(`sharpstream: ${alert.message}`);
    }
    alerts.next(alert);
    for (const drain of drains) drain.alert(alert);
  };
  const running = rules.map((rule, i) => runningRule(rule, rule.id ?? `alerts[${i}]`, tell, failed));
  return {
    judge(measurement) {
      for (const { judge } of running) judge(measurement);
    },
    end() {
      for (const { end } of running) end();
    },
  };
}

function runningRule(rule: AlertRule, id: string, tell: (alert: Alert) => void, failed: Ledger['failed']): Alerting {
  const measurements = new Subject<Measurement>();
  /** In a row, by the name of the measurement at which the rule threw. */
  const failures = new Map<string, Patience>();
  let name = '';
  let healthy = true;
  const threw = (error: unknown): void => {
    healthy = false;
    const health = failures.get(name) ?? patience(id);
    failures.set(name, health);
    health.failed(error, failed);
    if (!health.over()) start();
  };
  const start = (): void => {
    try {
      rule(measurements).subscribe({ next: tell, error: threw });
    } catch (error) {
      threw(error);
    }
  };
  start();
  return {
    judge(measurement) {
      name = measurement.name;
      healthy = true;
      measurements.next(measurement);
      if (healthy) failures.delete(name);
    },
    end: () => measurements.complete(),
  };
}
