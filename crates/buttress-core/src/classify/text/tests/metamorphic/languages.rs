//! The words of systems in several languages.

/// What systems say, and how they say it elsewhere.
pub(super) const MESSAGES: &[(&str, &[&str])] = &[
    (
        "Connection reset by peer",
        &[
            "Die Verbindung wurde vom Kommunikationspartner zurückgesetzt",
            "Conexión reinicializada por la máquina remota",
            "连接被对方重设",
            "接続が相手からリセットされました",
        ],
    ),
    (
        "Connection refused",
        &[
            "Verbindungsaufbau abgelehnt",
            "Conexión rehusada",
            "拒绝连接",
            "接続を拒否されました",
        ],
    ),
    (
        "Broken pipe",
        &[
            "Datenübergabe unterbrochen",
            "Tubería rota",
            "断开的管道",
            "パイプが壊れました",
        ],
    ),
    (
        "No route to host",
        &[
            "Keine Route zum Zielrechner",
            "No existe ninguna ruta hasta el `host'",
            "没有到主机的路由",
            "ホストへの経路がありません",
        ],
    ),
    (
        "Network is unreachable",
        &[
            "Das Netzwerk ist nicht erreichbar",
            "La red es inaccesible",
            "网络不可达",
            "ネットワークに到達できません",
        ],
    ),
    (
        "Connection timed out",
        &[
            "Die Wartezeit für die Verbindung ist abgelaufen",
            "Expiró el tiempo de conexión",
            "连接超时",
            "接続がタイムアウトしました",
        ],
    ),
    (
        "Name or service not known",
        &[
            "Der Name oder der Dienst ist nicht bekannt",
            "Nombre o servicio desconocido",
            "未知的名称或服务",
            "名前またはサービスが不明です",
        ],
    ),
    (
        "An existing connection was forcibly closed by the remote host",
        &[
            "Eine vorhandene Verbindung wurde vom Remotehost geschlossen",
            "Se ha forzado la interrupción de una conexión existente por el host remoto",
            "远程主机强迫关闭了一个现有的连接",
            "既存の接続はリモート ホストに強制的に切断されました",
        ],
    ),
    (
        "No connection could be made because the target machine actively refused it",
        &[
            "Es konnte keine Verbindung hergestellt werden, da der Zielcomputer die Verbindung verweigerte",
            "No se puede establecer una conexión ya que el equipo de destino denegó expresamente dicha conexión",
            "由于目标计算机积极拒绝，无法连接",
            "対象のコンピューターによって拒否されたため、接続できませんでした",
        ],
    ),
    (
        "An established connection was aborted by the software in your host machine",
        &[
            "Eine bestehende Verbindung wurde softwaregesteuert durch den Hostcomputer abgebrochen",
            "Se ha anulado una conexión establecida por el software en su equipo host",
            "你的主机中的软件中止了一个已建立的连接",
            "確立された接続がホスト コンピューターのソウトウェアによって中止されました",
        ],
    ),
];
