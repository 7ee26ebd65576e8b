import type { Study } from './experiment.js';
import { lowRank } from './lowRank/lowRank.js';
import { nme } from './nme/nme.js';
import { sam } from './sam/sam.js';
import { samLanguage } from './samLanguage/samLanguage.js';
import { simplicity } from './simplicity/simplicity.js';

/** Every study, in the order in which `all` takes them. */
export const studies: readonly Study[] = [sam, samLanguage, lowRank, nme, simplicity];
