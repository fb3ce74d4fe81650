/** Where GitHub calls us. */
export const WEBHOOK_PATH = '/webhooks/github';
