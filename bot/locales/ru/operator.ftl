error-token-missing = Нет токена бота. Получите его у @BotFather и напишите AUTODIGEST_TOKEN=… в .env; без токена и сети работает make demo.
error-token-refused = Telegram не принимает этот токен. Проверьте AUTODIGEST_TOKEN или возьмите новый у @BotFather.
error-settings-wrong = { $name }: { $reason }. Нужно: { $wanted }
error-settings-unreadable = Настройки не читаются: { $reason }
error-sources-unreadable = Файл источников { $file } не открывается: { $reason }
error-sources-not-toml = Файл источников { $file } — не TOML: { $reason }
error-sources-no-tables = В файле источников { $file } нет таблиц [[sources]].
error-sources-wrong = { $file }, [[sources]] № { $number }: неверно { $field } = { $value }
error-catalogue-wrong = { $file }: { $entry } — { $reason }
error-store-busy = Хранилище { $path } занято другим работающим процессом { $pid }. Остановите его или укажите другое в AUTODIGEST_DATABASE.
error-store-missing = Хранилища { $path } ещё нет. Сначала: autodigest poll
error-store-failed = Хранилище не отвечает: { $detail }
error-store-too-new = Хранилище записано более новой версией Autodigest (схема { $found }, эта версия знает { $known }). Обновите программу.
error-store-outdated = Хранилище записано более старой версией (схема { $found }, нужна { $known }). Запустите autodigest run: оно обновится, копия старого останется рядом.
error-store-migration = Хранилище не удалось обновить, оно осталось прежним: { $detail }
error-store-url = AUTODIGEST_DATABASE: неизвестный вид хранилища { $scheme }. Нужно: sqlite:///путь, путь или postgresql://…
error-store-unreachable = Сервер базы данных не отвечает ({ $detail }). Проверьте AUTODIGEST_DATABASE.
error-backup-failed = Копию { $path } сделать не удалось: { $detail }
error-backup-exists = Файл { $path } уже есть. Укажите новый.
error-backup-memory = Хранилище в памяти копировать некуда.
error-backup-postgres = PostgreSQL копирует себя сам: pg_dump.
error-source-exists = Источник { $url } уже есть.
error-source-missing = Источника № { $id } нет.
error-chat-missing = Чата № { $id } нет.
error-store-driver = Для PostgreSQL нужен пакет { $package }: установите дополнение postgres.
error-port-taken = Адрес { $address } занят. Укажите другой.
poll-new = { $count ->
    [one] { $count } новая
    [few] { $count } новых
   *[many] { $count } новых
}
poll-folded = повторов: { $count }
poll-skipped = пропущено: { $count }
poll-unchanged = без изменений
poll-resting = опрошен недавно, следующий опрос в { $clock }
poll-failed = не вышло: { $why }
poll-total = Источников: { $sources }, новых статей: { $new }, с ошибкой: { $failed }
review-nothing = Последняя проверка сюжетов ничего не нашла
review-merged = { $story }: присоединены { $detail } — { $title }
review-merge = { $story }: похоже на { $detail }, но уже разослано, поэтому не объединено — { $title }
review-split = { $story }: распадается на части из { $detail } статей, не изменено — { $title }
review-gone = сюжета больше нет
failure-dns = имя сервера не находится
failure-connect = сервер не отвечает
failure-tls = ошибка защищённого соединения
failure-timeout = сервер не уложился во время
failure-forbidden-address = адрес внутренней сети
failure-bad-address = это не адрес http(s)
failure-redirects = бесконечные перенаправления
failure-too-large = слишком большой ответ
failure-http = сервер ответил { $status }
failure-gone = источник закрыт навсегда (410)
failure-challenge = защита от роботов
failure-html = страница вместо ленты
failure-empty = пустой ответ
failure-not-a-feed = это не лента
failure-parse-timeout = лента не разбирается за отведённое время
failure-parse-crash = лента ломает разбор
preview-empty = Показывать пока нечего: новостей в хранилище нет. Сначала: autodigest poll
check-ok = всё в порядке
check-warnings = есть замечания
check-failed = есть ошибки
check-python = Python { $version }
check-sqlite = SQLite { $version }
check-settings = настройки читаются
check-sources = источников: { $count }
check-token = токен задан
check-token-missing = токена нет: получите его у @BotFather и напишите AUTODIGEST_TOKEN=… в .env
check-token-refused = Telegram не принимает токен: { $reason }
check-telegram = Telegram отвечает: @{ $username }
check-telegram-unreachable = Telegram ({ $address }) не отвечает: { $reason }
check-store = хранилище: { $place }
check-store-new = хранилища пока нет, оно появится при первом запуске: { $place }
check-zone = часовой пояс { $zone }, сейчас { $clock }
error-topic-unknown = Нет темы или марки «{ $text }». { $like }
preview-similar = Похожие: { $names }.
demo-ready =
    Бот работает. Чат с ним: { $url }
    Остановить: Ctrl+C
demo-subscriber = Анна
demo-admin = Олег
demo-channel = Автоновости
demo-next-issue = К следующему выпуску
demo-next-issue-hint = Переводит часы к ближайшему выпуску; за двадцать минут до него в лентах выходит несколько новых статей.
demo-drop = Подбросить статью
demo-drop-hint = В одной из лент появляется новая статья; бот заметит её при ближайшем опросе.
demo-nobody = Пока никто не подписан: сначала выберите время выпусков.
demo-turned = Часы переведены: { $when }
demo-dropped = «{ $title }» — вышло в «{ $outlet }». Бот опросит ленту через пару секунд; статья попадёт в следующий выпуск или в /digest.
demo-failed = Не дождались ответа бота.
demo-summary = Источников опрошено: { $sources }, статей сохранено: { $items }, повторов сложено: { $folded }, выпусков отправлено: { $sent }
