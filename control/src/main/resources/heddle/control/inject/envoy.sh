# Starts Envoy as its pod's proxy, fed by the mesh controller. Told to stop, it lets Envoy first
# finish what it has accepted: Envoy by itself would drop that.
set -u
trap 'exit 0' TERM

# A file of its own, because Envoy reads a secret anew only where it came by discovery.
cat >/tmp/token.yaml <<END
resources:
- "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.Secret
  name: token
  generic_secret: {secret: {filename: /var/run/secrets/kubernetes.io/serviceaccount/token}}
END

cat >/tmp/envoy.yaml <<END
node:
  id: $HEDDLE_NODE_KIND~$POD_IP~$POD_NAME.$POD_NAMESPACE~$POD_NAMESPACE.svc.cluster.local
  cluster: $APPMESH_RESOURCE_ARN
admin:
  address: {socket_address: {address: 0.0.0.0, port_value: $ENVOY_ADMIN_ACCESS_PORT}}
dynamic_resources:
  ads_config:
    api_type: DELTA_GRPC
    transport_api_version: V3
    set_node_on_first_message_only: true
    grpc_services:
    - envoy_grpc:
        cluster_name: heddle_xds
        # The controller may be away for a while; Envoy's own patience grows to 30 seconds.
        retry_policy: {retry_back_off: {base_interval: 0.5s, max_interval: 2s}}
  # Zero is without end: not ready before there is something to serve.
  lds_config: {ads: {}, resource_api_version: V3, initial_fetch_timeout: 0s}
  cds_config: {ads: {}, resource_api_version: V3, initial_fetch_timeout: 0s}
cluster_manager:
  upstream_bind_config:
    socket_options:
    - {description: SO_MARK, level: 1, name: 36, int_value: $HEDDLE_PROXY_MARK, state: STATE_PREBIND}
static_resources:
  clusters:
  - name: heddle_xds
    type: STRICT_DNS
    dns_lookup_family: V4_ONLY
    connect_timeout: 5s
    load_assignment:
      cluster_name: heddle_xds
      endpoints:
      - lb_endpoints:
        - endpoint: {address: {socket_address: {address: $HEDDLE_XDS_HOST., port_value: $HEDDLE_XDS_PORT}}}
    transport_socket:
      name: tls
      typed_config:
        "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext
        sni: $HEDDLE_XDS_HOST
        common_tls_context:
          alpn_protocols: [h2]
          validation_context:
            trusted_ca: {filename: /var/run/secrets/kubernetes.io/serviceaccount/ca.crt}
            match_typed_subject_alt_names:
            - {san_type: DNS, matcher: {exact: $HEDDLE_XDS_HOST}}
    typed_extension_protocol_options:
      envoy.extensions.upstreams.http.v3.HttpProtocolOptions:
        "@type": type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions
        explicit_http_config:
          http2_protocol_options:
            connection_keepalive: {interval: 30s, timeout: 5s}
        http_filters:
        - name: token
          typed_config:
            "@type": type.googleapis.com/envoy.extensions.filters.http.credential_injector.v3.CredentialInjector
            credential:
              name: token
              typed_config:
                "@type": type.googleapis.com/envoy.extensions.http.injected_credentials.generic.v3.Generic
                header_value_prefix: "Bearer "
                credential:
                  name: token
                  sds_config: {path_config_source: {path: /tmp/token.yaml}, resource_api_version: V3}
        - name: codec
          typed_config:
            "@type": type.googleapis.com/envoy.extensions.filters.http.upstream_codec.v3.UpstreamCodec
END

admin() { # METHOD PAGE
  exec 3<>"/dev/tcp/127.0.0.1/$ENVOY_ADMIN_ACCESS_PORT" || return
  printf '%s %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n' "$1" "$2" >&3
  cat <&3
  exec 3>&-
}

busy() {
  local name value
  while read -r name value; do
    case $name in
      http.admin.*) ;;
      http.*.downstream_rq_active: | tcp.*.downstream_cx_active:) [ "$value" = 0 ] || return 0 ;;
    esac
  done < <(admin GET '/stats?filter=downstream_(rq|cx)_active')
  return 1
}

drain() {
  trap '' TERM
  admin POST '/drain_listeners?graceful&skip_exit' >/dev/null
  while busy; do sleep 0.1; done
  kill -TERM "$envoy"
}

envoy --config-path /tmp/envoy.yaml --log-level "${ENVOY_LOG_LEVEL:-info}" --concurrency 1 \
  --disable-hot-restart --drain-strategy immediate --file-flush-interval-msec 200 &
envoy=$!
trap drain TERM
wait "$envoy" # also ends when the trap has run
wait "$envoy"
