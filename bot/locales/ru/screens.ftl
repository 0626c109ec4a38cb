welcome = Здравствуйте! Я собираю автомобильные новости из разных источников в короткие выпуски — без дублей и рекламы. Отметьте темы или сразу откройте выпуск.
welcome-back = С возвращением! Всё, что вы настроили, на месте.
subscribed = Готово: каждый день в { $times } ({ $city }). Ближайший выпуск — { $when }. Выключить — /stop.
topics-title = Темы{ $where }
topics-chosen = Выбрано: { $topics }.
topics-hint = Нажмите, чтобы добавить или убрать. Если ничего не выбрано, в выпуск попадает всё. Марку или тему можно просто написать: «чери», «утильсбор».
topics-hint-channel = Нажмите, чтобы добавить или убрать. Если ничего не выбрано, в выпуск попадает всё.
topics-all = все темы
topics-found = Вот что нашлось. Нажмите, чтобы добавить или убрать.
topics-not-found = Темы или марки «{ $text }» я не знаю. Напишите иначе, например: /topics хавейл
topic-added = Добавлено: { $name }
topic-removed = Убрано: { $name }
and-more = { $names } и ещё { $count }
toggle-on = ✓ { $name }
stopped-back = С возвращением! Выпуски остановлены, настройки на месте. Возобновить?
times-title = Время выпусков{ $where }
times-chosen = Сейчас: { $times }.
times-hint = До { $most ->
    [one] { $most } раза
   *[other] { $most } раз
} в день. Можно и написать: /time 7:15 и 19:00
times-hint-channel = До { $most ->
    [one] { $most } раза
   *[other] { $most } раз
} в день.
times-daily = каждый день в { $times }
times-none = выпуски не приходят
times-paused = на паузе
times-enough = Больше { $most ->
    [one] { $most } раза
   *[other] { $most } раз
} в день не получится. Сначала уберите одно время.
times-not-read = Не понял время «{ $text }». Пример: /time 8:00 и 19:30
zone-question = Который у вас час? Нажмите своё время.
language-question = На каком языке мне говорить и какие новости присылать?
language-not-read = Языка «{ $text }» я не знаю. Пример: /lang en
language-ru = Русский
language-en = English
news-ru = новости на русском
news-en = новости на английском
reads-one = Хотя бы один язык новостей должен остаться.
settings-title = Настройки{ $where }
settings =
    Темы: { $topics }
    Выпуски: { $times }
    Часовой пояс: { $city }, сейчас { $clock }
    Читаем: { $reads }
page-of = { $page } из { $pages }
button-show = Показать выпуск
button-back = ‹ Назад
button-next = Дальше ›
button-list-m = Марки
button-list-t = Темы
button-done = Готово
button-zone = Часовой пояс: { $city }, сейчас { $clock }
button-zone-short = Часовой пояс
button-other-country = Другая страна
button-russia = Россия
button-topics = Темы
button-times = Время
button-language = Язык
button-morning = Утром 8:00
button-evening = Вечером 19:00
button-both = Утром и вечером
button-other-time = Другое время
button-other-zone = У меня другое время
button-change-topics = Изменить темы
button-all-topics = Показать все темы
button-settings = Настроить
button-resume = Возобновить
button-pause = Пауза
button-delete = Удалить мои данные
button-delete-all = Удалить всё
button-cancel = Отмена
button-test = Выпуск сейчас
button-all-channels = ‹ Все каналы
button-setup = Настроить
button-add-channel = Добавить канал
button-add-group = Добавить группу
button-repair = Вернуть доступ
