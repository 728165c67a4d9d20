# Zhijian (质检) as an image: built and run on Debian testing, whose libwhisper is used as it is.
#
#   docker build -t zhijian .
#   docker run --rm -v /recordings:/recordings:ro -v zhijian-data:/data zhijian score /recordings
#
# Recordings are mounted read-only; everything that is kept goes to /data, models to /data/models.
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
    && useradd --uid 10001 --create-home --home-dir /data zhijian
COPY --from=build /src/bin/zhijian /usr/local/bin/zhijian
USER zhijian
VOLUME /data
ENV ZHIJIAN_DATA_DIR=/data
ENTRYPOINT ["zhijian"]
CMD ["--help"]
