# Server and worker in one image: `vidmill serve FILE`, `vidmill work FILE`. No secrets, not root.
#
#   docker build -t vidmill .            or: buildah bud -t vidmill .
#   docker run -p 8080:8080 -v vidmill:/var/lib/vidmill vidmill
#
# BASE is any Debian 12.
ARG BASE=docker.io/library/debian:bookworm-slim

FROM ${BASE} AS build
WORKDIR /src
COPY tests/packages.sh tests/packages.sh
RUN tests/packages.sh build
COPY CMakeLists.txt CMakePresets.json LICENSE ./
COPY core core
COPY plugins plugins
COPY pipelines pipelines
COPY docs docs
# `vidmill test-plugin` has the contract suites in it.
COPY tests/contract tests/contract
RUN cmake --preset release -DVIDMILL_TESTS=OFF -DCMAKE_INSTALL_PREFIX=/usr/local \
 && cmake --build --preset release \
 && DESTDIR=/out cmake --install build/release --strip \
 && rm -rf /out/usr/local/include /out/usr/local/lib/*/cmake /out/usr/local/lib/*/pkgconfig

FROM ${BASE}
RUN apt-get update -q \
 && DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends ca-certificates \
      libconfig9 libcurl4 libssl3 libjansson4 libsqlite3-0 libmicrohttpd12 libseccomp2 libxml2 \
      libmongoc-1.0-0 libavcodec59 libavformat59 libavfilter8 libavutil57 libswscale6 \
      libswresample4 \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 10001 --home-dir /var/lib/vidmill --create-home vidmill
COPY --from=build /out /
# The server drains, the worker hands back what it cannot finish.
STOPSIGNAL SIGTERM
USER 10001
VOLUME /var/lib/vidmill
ENV XDG_STATE_HOME=/var/lib
EXPOSE 8080
ENTRYPOINT ["vidmill"]
CMD ["serve"]
