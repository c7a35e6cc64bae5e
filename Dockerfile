# The executable with Debian's ffmpeg. Build for another machine with --platform.
FROM node:22-bookworm-slim AS build
RUN apt-get update && apt-get install -y --no-install-recommends git && rm -rf /var/lib/apt/lists/*
WORKDIR /source
COPY . .
RUN npm run build

FROM debian:bookworm-slim
RUN apt-get update \
  && apt-get install -y --no-install-recommends ca-certificates ffmpeg \
  && rm -rf /var/lib/apt/lists/* \
  && useradd --uid 10001 --create-home --shell /usr/sbin/nologin motioness \
  && install -d -o motioness -g motioness -m 0700 /data
COPY --from=build /source/dist/motioness /usr/local/bin/motioness
ENV MOTIONESS_DATA_DIR=/data MOTIONESS_LISTEN=0.0.0.0:8477
USER 10001
# Unpacks the image library into the home folder, so that the file system may be read-only later.
RUN ["motioness", "version"]
VOLUME /data
EXPOSE 8477
HEALTHCHECK --interval=30s --start-period=10s CMD ["motioness", "health"]
LABEL org.opencontainers.image.title="motioness" org.opencontainers.image.licenses="MIT"
ENTRYPOINT ["motioness"]
CMD ["serve"]
