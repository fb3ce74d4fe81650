/** Calls for client libraries that read an answer to its end, however far that is. */

/** Far more than any page of a list takes; what is compressed counts as it is when it is unpacked. */
const MOST_BYTES = 16_000_000;

type Call = (url: string, init: RequestInit) => Promise<Response>;

/** As `fetch`; reading an answer that is larger fails, and ends the transfer. */
export const boundedFetch: Call = async (url, init) => {
  const response = await fetch(url, init);
  if (response.body === null) return response;
  let size = 0;
  const counted = response.body.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        size += chunk.byteLength;
        if (size > MOST_BYTES) throw new Error('the answer is too large');
        controller.enqueue(chunk);
      },
    }),
  );
  const { status, statusText, headers, url: from } = response;
  // The address it came from is no part of what a response is made of.
  return Object.defineProperty(new Response(counted, { status, statusText, headers }), 'url', { value: from });
};
