import { sam } from 'sharpstream';

export const strength: number = sam();
