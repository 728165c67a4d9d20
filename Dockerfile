# Zhijian (质检) as an image: built and run on Debian testing, whose libwhisper is used as it is.
#
#   docker build -t zhijian .
#   docker run --rm -v /recordings:/recordings:ro -v zhijian-data:/data zhijian score /recordings
#   docker run --read-only --tmpfs /tmp -p 8090:8090 -v /secrets:/secrets:ro -v zhijian-data:/data -v zhijian-models:/models \
#     -e ZHIJIAN_LISTEN=0.0.0.0:8090 -e ZHIJIAN_TOKEN_FILE=/secrets/tokens zhijian serve
#
# It runs as user 10001 and writes to /data and /tmp only. Recordings are mounted read-only; speech models lie
# in /models. Away from loopback serve wants a token: docs/security.md.
FROM debian:testing-slim AS build
RUN apt-get update && apt-get install -y --no-install-recommends \
    ca-certificates g++ gcc git golang-go libggml-dev libwhisper-dev make pkg-config \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN make build

FROM debian:testing-slim
RUN apt-get update && apt-get install -y --no-install-recommends \
    ca-certificates ffmpeg libggml0 libwhisper1 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 10001 --user-group --no-create-home --home-dir /data --shell /usr/sbin/nologin zhijian \
    && install -d -o zhijian -g zhijian -m 0700 /data && install -d -o zhijian -g zhijian -m 0755 /models
COPY --from=build /src/bin/zhijian /usr/local/bin/zhijian
USER 10001:10001
ENV ZHIJIAN_DATA_DIR=/data ZHIJIAN_MODELS_DIR=/models ZHIJIAN_METRICS_LISTEN=0.0.0.0:8091
WORKDIR /data
VOLUME ["/data", "/models"]
EXPOSE 8090 8091
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=4 CMD ["zhijian", "health"]
ENTRYPOINT ["zhijian"]
CMD ["--help"]
