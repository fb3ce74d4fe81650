/**
 * Does a status (RFC 3463) say that nobody is there? A full mailbox (5.2.2), a letter that is too large (5.3.4) or not liked
 * (5.7.1) says nothing of the kind: the next one may arrive. 5.0 and 5.5.0 are what servers write who keep to no table.
 */
export const saysNobody = (status: string): boolean => /^5\.(?:1\.\d+|2\.1|4\.\d+|0\.\d+|5\.0)$/.test(status);
