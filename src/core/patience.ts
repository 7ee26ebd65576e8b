/** So many failures in a row switch off whatever watches: a probe, a sink, a rule, a subscriber. */
export const PATIENCE = 3;

export const switchedOff = (): Error => new Error(`switched off after ${PATIENCE} failures in a row`);
