import { createCipheriv, createDecipheriv, randomBytes, scrypt } from 'node:crypto';

/**
 * What a login is renewed with stands in the database and in every backup of it: nobody who reads those may use it. So it
 * is sealed with the password of that login, which stands in neither.
 */

export interface Login {
  readonly username: string;
  readonly password: string;
}

const MARK = 'sealed:1:';
const [SALT, NONCE, TAG] = [16, 12, 16];
const METHOD = 'aes-256-gcm';

/** Older versions kept it as it is. */
export const isSealed = (text: string): boolean => text.startsWith(MARK);

export async function seal(text: string, { username, password }: Login): Promise<string> {
  const [salt, nonce] = [randomBytes(SALT), randomBytes(NONCE)];
  const cipher = createCipheriv(METHOD, await keyOf(password, salt), nonce, { authTagLength: TAG });
  cipher.setAAD(Buffer.from(username));
  const hidden = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return MARK + Buffer.concat([salt, nonce, cipher.getAuthTag(), hidden]).toString('base64url');
}

/** Undefined: it was sealed for another login, or it is damaged. */
export async function unseal(sealed: string, { username, password }: Login): Promise<string | undefined> {
  const bytes = Buffer.from(sealed.slice(MARK.length), 'base64url');
  if (!isSealed(sealed) || bytes.length < SALT + NONCE + TAG) return undefined;
  const key = await keyOf(password, bytes.subarray(0, SALT));
  try {
    const cipher = createDecipheriv(METHOD, key, bytes.subarray(SALT, SALT + NONCE), { authTagLength: TAG });
    cipher.setAAD(Buffer.from(username));
    cipher.setAuthTag(bytes.subarray(SALT + NONCE, SALT + NONCE + TAG));
    return Buffer.concat([cipher.update(bytes.subarray(SALT + NONCE + TAG)), cipher.final()]).toString('utf8');
  } catch {
    return undefined;
  }
}

function keyOf(password: string, salt: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(password, salt, 32, (error, key) => (error === null ? resolve(key) : reject(error)));
  });
}
