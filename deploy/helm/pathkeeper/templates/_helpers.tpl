{{- /* Name of everything: the release's, with the chart's unless it is in it already. */ -}}
{{- define "pathkeeper.name" -}}
{{- if contains .Chart.Name .Release.Name -}}
{{- .Release.Name | trunc 50 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name .Chart.Name | trunc 50 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "pathkeeper.labels" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
{{- end -}}

{{- define "pathkeeper.selector" -}}
app: {{ include "pathkeeper.name" . }}
{{- end -}}

{{- /* id=host:raftport/host:clientport of every server */ -}}
{{- define "pathkeeper.members" -}}
{{- $name := include "pathkeeper.name" . -}}
{{- range $i := until (int .Values.servers) -}}
{{- if $i }},{{ end -}}
{{- $host := printf "%s-%d.%s-servers" $name $i $name -}}
{{ $name }}-{{ $i }}={{ $host }}:7421/{{ $host }}:7420
{{- end -}}
{{- end -}}
