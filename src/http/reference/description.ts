const paragraphs = [
  [
    "A self-hosted server that turns the picture behind a URL into a seamless looping clip.",
    "Put `/v1/{projectKey}/` in front of an image URL and end it in `.mp4`.",
  ],
  [
    "Routes that want somebody signed in take an API key, `Authorization: Bearer motion_…`, which",
    "the commands below take from `MOTIONESS_API_KEY`; or the session's cookie, which counts on",
    "this server's own pages only.",
  ],
  [
    'An error is `{"error": "…"}` with a fitting status; some say more beside it. A body that does',
    "not fit is 400, with what was expected of each field in `details.fieldErrors`. What is not",
    "yours is 404, as what does not exist. 429 says in `Retry-After` when to come back, but for a",
    "month's limit.",
  ],
  [
    "Every answer carries `X-Request-Id`: the caller's own, when one was sent. Times are Unix",
    "milliseconds. A list goes on with `?cursor=` and the `next_cursor` of the last page.",
  ],
];

/** What holds for the whole API, in paragraphs with an empty line between them. */
export const description = paragraphs.map((lines) => lines.join(" ")).join("\n\n");
