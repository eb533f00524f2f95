//! What systems say in the words of their users.

use super::*;

#[test]
fn systems_without_a_number_are_understood_in_many_languages() {
    use FailureKind::*;
    for (raw, kind) in [
        (
            "Ein Socketvorgang bezog sich auf ein nicht verfügbares Netzwerk.",
            Unreachable,
        ),
        (
            "Ein Socketvorgang bezog sich auf einen nicht verfügbaren Host.",
            Unreachable,
        ),
        (
            "Une opération a été tentée sur un réseau impossible à atteindre.",
            Unreachable,
        ),
        (
            "Se ha intentado una operación de socket en una red no accesible.",
            Unreachable,
        ),
        ("套接字操作尝试一个无法连接的主机。", Unreachable),
        (
            "Сделана попытка выполнить операцию на сокете при отключенной сети.",
            Unreachable,
        ),
        (
            "到達できないネットワークに対してソケット操作を実行しようとしました。",
            Unreachable,
        ),
        (
            "Eine vorhandene Verbindung wurde vom Remotehost geschlossen.",
            ConnectionReset,
        ),
        (
            "Se ha forzado la interrupción de una conexión existente por el host remoto.",
            ConnectionReset,
        ),
        (
            "Une connexion existante a dû être fermée par l’hôte distant.",
            ConnectionReset,
        ),
        (
            "既存の接続はリモート ホストに強制的に切断されました。",
            ConnectionReset,
        ),
        (
            "wsarecv: 远程主机强迫关闭了一个现有的连接。",
            ConnectionReset,
        ),
        (
            "Удаленный хост принудительно разорвал существующее подключение.",
            ConnectionReset,
        ),
        (
            "da der Zielcomputer die Verbindung verweigerte",
            ConnectionRefused,
        ),
        (
            "el equipo de destino denegó expresamente dicha conexión",
            ConnectionRefused,
        ),
        (
            "l’ordinateur cible l’a expressément refusée",
            ConnectionRefused,
        ),
        ("由于目标计算机积极拒绝，无法连接。", ConnectionRefused),
        (
            "Der angegebene Host ist unbekannt. (api.example.com:443)",
            Dns,
        ),
        ("不知道这样的主机。", Dns),
        ("そのようなホストは不明です。", Dns),
        ("由于连接方在一段时间后没有正确答复", TimeoutConnect),
        (
            "nach einer bestimmten Zeitspanne nicht richtig reagiert",
            TimeoutConnect,
        ),
        ("连接超时", TimeoutConnect),
        ("向一个无法连接的网络尝试了一个套接字操作。", Unreachable),
        ("Keine Route zum Zielrechner", Unreachable),
        ("Der Remotename konnte nicht aufgelöst werden", Dns),
        ("Échec temporaire dans la résolution du nom", Dns),
        (
            "Impossible de se connecter au serveur distant",
            ConnectionRefused,
        ),
        ("サーバに接続できませんでした。", ConnectionRefused),
        ("似乎已断开与互联网的连接。", Unreachable),
        ("Le certificat a expiré", TlsExpired),
        ("此服务器的证书无效。", TlsUntrusted),
        ("未能为 SSL/TLS 安全通道建立信任关系。", TlsUntrusted),
        (
            "Es konnte kein geschützter SSL/TLS-Kanal erstellt werden.",
            TlsOther,
        ),
        ("代理服务器连接失败", Proxy),
        ("요청 시간이 초과되었습니다", TimeoutHead),
        ("连接服务器超时", TimeoutConnect),
        ("响应完成前中断了", StreamTruncated),
        ("Ошибка сети", ConnectionClosed),
    ] {
        assert_eq!(text(raw).map(|class| class.kind), Some(kind), "{raw}");
    }
}
