import { createCipheriv, createDecipheriv, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { LETTERS, type Letters } from '../core/mail.ts';
import type { Store } from '../store/port.ts';

/**
 * What only we can have written: the address at which one click ends letters, and the Message-IDs of our letters. Neither
 * says whose they are: an e-mail address in a URL would lie in the log of every proxy on its way.
 */
export interface MailSeal {
  /** Stands for an address and one sort of letters; the same each time. */
  endOf(address: string, letters: Letters): string;
  readEnd(token: string): { readonly address: string; readonly letters: Letters } | undefined;
  /** A letter's id that tells, to us alone, whom it went to. */
  idFor(id: string, address: string): string;
  /** The id that was sealed, where the whole is ours; `isTo` says whether the letter went to this address. */
  readId(sealed: string): { readonly id: string; isTo(address: string): boolean } | undefined;
}

const NAME = 'mail.secret';
const NONCE = 12;
const TAG = 16;

/** The seal of this installation; it outlives a restart, for letters are read long after they were written. */
export async function mailSeal(store: Pick<Store, 'meta' | 'setMeta'>): Promise<MailSeal> {
  const known = store.meta(NAME);
  const key = known ?? randomBytes(32).toString('hex');
  if (known === undefined) await store.setMeta(NAME, key);
  return createMailSeal(key);
}

function createMailSeal(key: string): MailSeal {
  const mac = (purpose: string, text: string): Buffer =>
    createHmac('sha256', key).update(`${purpose}\n${text}`).digest();
  const word = (purpose: string, text: string, length: number): string =>
    mac(purpose, text).toString('base64url').slice(0, length);
  const secret = mac('key', 'end');
  const who = (address: string): string => word('who', address.toLowerCase(), 16);
  return {
    endOf(address, letters) {
      const text = `${letters} ${address}`;
      // Made from what it seals, so that one address has one link, and no number comes twice for two texts.
      const nonce = mac('nonce', text).subarray(0, NONCE);
      const cipher = createCipheriv('aes-256-gcm', secret, nonce);
      const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64url');
    },
    readEnd(token) {
      if (!/^[\w-]{40,600}$/.test(token)) return undefined;
      const text = unsealed(secret, Buffer.from(token, 'base64url'));
      const [, letters, address] = /^([a-z]+) (\S+)$/.exec(text ?? '') ?? [];
      const known = LETTERS.find((each) => each === letters);
      return known === undefined || address === undefined ? undefined : { address, letters: known };
    },
    idFor(id, address) {
      const base = `${id}.${who(address)}`;
      return `${base}.${word('id', base, 22)}`;
    },
    readId(sealed) {
      const [, id = '', whose = '', given = ''] = /^([\w-]{1,64})\.([\w-]{16})\.([\w-]{22})$/.exec(sealed) ?? [];
      const wanted = word('id', `${id}.${whose}`, 22);
      if (given.length !== wanted.length || !timingSafeEqual(Buffer.from(given), Buffer.from(wanted))) return undefined;
      return { id, isTo: (address) => who(address) === whose };
    },
  };
}

/** Undefined: it is not ours, or not whole. */
function unsealed(secret: Buffer, bytes: Buffer): string | undefined {
  try {
    const cipher = createDecipheriv('aes-256-gcm', secret, bytes.subarray(0, NONCE), { authTagLength: TAG });
    cipher.setAuthTag(bytes.subarray(NONCE, NONCE + TAG));
    const text = Buffer.concat([cipher.update(bytes.subarray(NONCE + TAG)), cipher.final()]);
    return text.toString('utf8');
  } catch {
    return undefined;
  }
}
