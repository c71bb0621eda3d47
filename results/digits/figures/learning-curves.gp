# Draws learning-curves.csv; run `gnuplot learning-curves.gp` in this folder.
set encoding utf8
set datafile separator ','
set border 3 linecolor rgb '#666666' linewidth 1
set tics nomirror out scale 0.6 textcolor rgb '#222222'
set grid back linetype 1 linewidth 1 linecolor rgb '#e8e8e8'
set key at screen 0.015, screen 0.8805 left top vertical maxrows 3 Left reverse noenhanced samplen 2.2 width -5.9 textcolor rgb '#222222'
set tmargin at screen 0.7218
set rmargin at screen 0.952
set label 'Objective while learning rates' at screen 0.02, screen 0.959 left noenhanced font ',22'
set label 'digits-learned-rates, seed 0; means of 8 training runs a step, and of 8 validation runs' at screen 0.02, screen 0.913 left noenhanced font ',16' textcolor rgb '#555555'
set xrange [0.0:200.0]
set xtics ('0' 0.0, '20' 20.0, '40' 40.0, '60' 60.0, '80' 80.0, '100' 100.0, '120' 120.0, '140' 140.0, '160' 160.0, '180' 180.0, '200' 200.0)
set xlabel 'outer step' noenhanced
set yrange [0.07928689854219555:0.17114198034629224]
set ytics ('0.08' 0.08, '0.10' 0.1, '0.12' 0.12, '0.14' 0.14, '0.16' 0.16)
set ylabel 'objective' noenhanced
of(number, value) = (column(1) == number ? value : NaN)
bottom = 0.07928689854219555
top = 0.17114198034629224
inside(value) = (value < bottom ? bottom : value > top ? top : value)
set style fill solid 0.18 noborder

set terminal svg size 900,586 enhanced font 'sans-serif,18' background rgb '#ffffff'
set output 'learning-curves.svg'
plot 'learning-curves.csv' skip 1 using (of(2, $2)):(inside($4)):(inside($5)) with filledcurves linecolor rgb '#d55e00' notitle, \
     '' skip 1 using (of(2, $2)):3 with lines linewidth 2.4 linecolor rgb '#d55e00' notitle, \
     '' skip 1 using (of(1, $2)):3 with lines linewidth 2.4 linecolor rgb '#0072b2' notitle, \
     '' skip 1 using (NaN):(NaN) with lines linewidth 2.4 linecolor rgb '#0072b2' title 'validation runs', \
     '' skip 1 using (NaN):(NaN) with lines linewidth 2.4 linecolor rgb '#d55e00' title 'training runs, means of 5 recorded steps', \
     '' skip 1 using (NaN):(NaN):(NaN) with filledcurves linecolor rgb '#444444' title '10–90 % of these steps'

set terminal pngcairo size 900,586 enhanced font 'sans-serif,18' background rgb '#ffffff' fontscale 0.75 pointscale 1.5
set output 'learning-curves.png'
replot
set output
