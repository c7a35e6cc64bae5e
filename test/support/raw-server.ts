export interface RawConnection {
  write(data: string | Uint8Array): void;
  end(data?: string | Uint8Array): void;
  /** Cuts the connection off without a farewell. */
  reset(): void;
}

export interface RawServer {
  readonly port: number;
  close(): void;
}

/** A TCP server that answers a request by script: for answers that no honest server gives. */
export function startRawServer(
  answer: (connection: RawConnection) => void,
  hostname = "127.0.0.1",
): RawServer {
  const listener = Bun.listen({
    hostname,
    port: 0,
    socket: {
      data(socket) {
        const connection: RawConnection = {
          write: (bytes) => void socket.write(bytes),
          end: (bytes) => void (bytes === undefined ? socket.end() : socket.end(bytes)),
          reset: () => socket.terminate(),
        };
        answer(connection);
      },
    },
  });
  return { port: listener.port, close: () => listener.stop(true) };
}

/** An answer of status 200 with this body. */
export function okAnswer(body: string, headers = ""): string {
  return `HTTP/1.1 200 OK\r\n${headers}Content-Length: ${body.length}\r\n\r\n${body}`;
}
