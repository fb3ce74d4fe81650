/** Answers through a `response_url`: five times within thirty minutes of what it came with. */

const WAIT = 10_000;

/** Resolves to whether Slack took it. */
export async function respond(
  url: string | null | undefined,
  apiUrl: string | undefined,
  payload: object,
): Promise<boolean> {
  if (url == null || !isSlack(url, apiUrl)) return false;
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json; charset=utf-8' },
      body: JSON.stringify(payload),
      redirect: 'error',
      signal: AbortSignal.timeout(WAIT),
    });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}

/** The address comes signed, and is still only followed to Slack, or to the host that stands in for it. */
function isSlack(url: string, apiUrl: string | undefined): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname } = new URL(url);
  if (apiUrl !== undefined && URL.canParse(apiUrl) && new URL(apiUrl).hostname === hostname) return true;
  return protocol === 'https:' && /(?:^|\.)slack(?:-gov)?\.com$/.test(hostname);
}
